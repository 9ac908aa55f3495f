#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

/// The fields of an aggregate, found by the compiler: how many there are, and references to each.
/// Method: count how many initialisers `T{...}` takes (Boost.PFR by Antony Polukhin), correct the
/// count where brace elision spreads an array member (reflect-cpp), then bind them by name.
namespace bulkhead::detail {

inline constexpr std::size_t kMaxFields = 24;

/// Converts to whatever a field of Owner wants; never to Owner itself, which would be its copy.
template <class Owner>
struct AnyField {
  template <class Field>
  requires(!std::is_same_v<std::remove_cvref_t<Field>, Owner>) operator Field()
      const noexcept;  // NOLINT(google-explicit-constructor): the point of it
};

template <class T, std::size_t>
using AnyFieldAt = AnyField<T>;

template <class T, std::size_t... Before, std::size_t... Nested, std::size_t... After>
consteval bool takes_nested(std::index_sequence<Before...>, std::index_sequence<Nested...>,
                            std::index_sequence<After...>) {
  return requires {
    T{AnyFieldAt<T, Before>{}..., {AnyFieldAt<T, Nested>{}...}, AnyFieldAt<T, After>{}...};
  };
}

template <class T, std::size_t... I>
consteval bool takes(std::index_sequence<I...>) {
  return requires {
    T{AnyFieldAt<T, I>{}...};
  };
}

/// Initialisers that T takes with brace elision: an array of three counts as three.
template <class T, std::size_t N = kMaxFields + 1>
consteval std::size_t count_initialisers() {
  if constexpr (N == 0 || takes<T>(std::make_index_sequence<N>{})) {
    return N;
  } else {
    return count_initialisers<T, N - 1>();
  }
}

/// How many of the initialisers from position `At` belong to one array member; 1 for other members.
template <class T, std::size_t At, std::size_t Size, std::size_t Rest>
consteval std::size_t array_extent() {
  if constexpr (Size <= 1) {
    return 1;
  } else {
    using Before = std::make_index_sequence<At>;
    using Nested = std::make_index_sequence<Size>;
    if constexpr (takes_nested<T>(Before{}, Nested{}, std::make_index_sequence<Rest>{}) &&
                  !takes_nested<T>(Before{}, Nested{}, std::make_index_sequence<Rest + 1>{})) {
      return Size;
    } else {
      return array_extent<T, At, Size - 1, Rest + 1>();
    }
  }
}

template <class T, std::size_t Initialisers, std::size_t At = 0, std::size_t Fields = 0>
consteval std::size_t fields_from() {
  if constexpr (At >= Initialisers) {
    return Fields;
  } else {
    constexpr std::size_t extent = array_extent<T, At, Initialisers - At, 0>();
    return fields_from<T, Initialisers, At + extent, Fields + 1>();
  }
}

/// Number of fields of the aggregate T; more than kMaxFields when it has too many.
template <class T>
consteval std::size_t field_count() {
  constexpr std::size_t initialisers = count_initialisers<T>();
  if constexpr (initialisers > kMaxFields) {
    return initialisers;
  } else {
    return fields_from<T, initialisers>();
  }
}

/// Calls visit(field...) with a reference to each field of the aggregate.
// A ladder, because structured bindings need a literal list of names before C++26.
template <class T, class Visit>
constexpr decltype(auto) with_fields(T& value, Visit&& visit) {
  constexpr std::size_t count = field_count<std::remove_const_t<T>>();
  if constexpr (count == 0) {
    return visit();
  } else if constexpr (count == 1) {
    auto& [a] = value;
    return visit(a);
  } else if constexpr (count == 2) {
    auto& [a, b] = value;
    return visit(a, b);
  } else if constexpr (count == 3) {
    auto& [a, b, c] = value;
    return visit(a, b, c);
  } else if constexpr (count == 4) {
    auto& [a, b, c, d] = value;
    return visit(a, b, c, d);
  } else if constexpr (count == 5) {
    auto& [a, b, c, d, e] = value;
    return visit(a, b, c, d, e);
  } else if constexpr (count == 6) {
    auto& [a, b, c, d, e, f] = value;
    return visit(a, b, c, d, e, f);
  } else if constexpr (count == 7) {
    auto& [a, b, c, d, e, f, g] = value;
    return visit(a, b, c, d, e, f, g);
  } else if constexpr (count == 8) {
    auto& [a, b, c, d, e, f, g, h] = value;
    return visit(a, b, c, d, e, f, g, h);
  } else if constexpr (count == 9) {
    auto& [a, b, c, d, e, f, g, h, i] = value;
    return visit(a, b, c, d, e, f, g, h, i);
  } else if constexpr (count == 10) {
    auto& [a, b, c, d, e, f, g, h, i, j] = value;
    return visit(a, b, c, d, e, f, g, h, i, j);
  } else if constexpr (count == 11) {
    auto& [a, b, c, d, e, f, g, h, i, j, k] = value;
    return visit(a, b, c, d, e, f, g, h, i, j, k);
  } else if constexpr (count == 12) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l] = value;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l);
  } else if constexpr (count == 13) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m] = value;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l, m);
  } else if constexpr (count == 14) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n] = value;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n);
  } else if constexpr (count == 15) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o] = value;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o);
  } else if constexpr (count == 16) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = value;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
  } else if constexpr (count == 17) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q] = value;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q);
  } else if constexpr (count == 18) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r] = value;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r);
  } else if constexpr (count == 19) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s] = value;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s);
  } else if constexpr (count == 20) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t] = value;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t);
  } else if constexpr (count == 21) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u] = value;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u);
  } else if constexpr (count == 22) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v] = value;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v);
  } else if constexpr (count == 23) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w] = value;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w);
  } else if constexpr (count == 24) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x] = value;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x);
  }
}

}  // namespace bulkhead::detail
