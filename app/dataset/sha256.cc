#include "dataset/sha256.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <vector>

#include <openssl/evp.h>

#include "files/descriptor.h"
#include "files/file_error.h"

namespace bulkhead::dataset {
namespace {

EVP_MD_CTX* context_of(void* context) {
  return static_cast<EVP_MD_CTX*>(context);
}

}  // namespace

std::string hex(const Sha256& hash) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  digits.reserve(2 * hash.size());
  for (const std::uint8_t byte : hash) {
    digits += kDigits[byte / 16U];
    digits += kDigits[byte % 16U];
  }
  return digits;
}

void Sha256Stream::FreeContext::operator()(void* context) const {
  EVP_MD_CTX_free(context_of(context));
}

Sha256Stream::Sha256Stream() : context_(EVP_MD_CTX_new()) {
  if (!context_ || EVP_DigestInit_ex(context_of(context_.get()), EVP_sha256(), nullptr) != 1) {
    throw std::bad_alloc();
  }
}

void Sha256Stream::add(std::span<const std::byte> bytes) {
  EVP_DigestUpdate(context_of(context_.get()), bytes.data(), bytes.size());
}

void Sha256Stream::add(std::string_view bytes) {
  add(std::as_bytes(std::span(bytes)));
}

Sha256 Sha256Stream::finish() {
  Sha256 hash{};
  EVP_DigestFinal_ex(context_of(context_.get()), hash.data(), nullptr);
  return hash;
}

Sha256 sha256_of(std::span<const std::byte> bytes) {
  Sha256Stream stream;
  stream.add(bytes);
  return stream.finish();
}

Sha256 sha256_of(std::string_view text) {
  return sha256_of(std::as_bytes(std::span(text)));
}

Expected<Sha256, std::string> sha256_of_file(const std::string& path) {
  const files::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) {
    return Unexpected(files::reason_of(errno));
  }
  constexpr std::size_t kBlockBytes = std::size_t{1} << 20U;
  std::vector<std::byte> block(kBlockBytes);
  Sha256Stream stream;
  while (true) {
    const ssize_t got = ::read(file.get(), block.data(), block.size());
    if (got < 0 && errno != EINTR) {
      return Unexpected(files::reason_of(errno));
    }
    if (got == 0) {
      return stream.finish();
    }
    stream.add(std::span(block).first(static_cast<std::size_t>(std::max<ssize_t>(got, 0))));
  }
}

}  // namespace bulkhead::dataset
