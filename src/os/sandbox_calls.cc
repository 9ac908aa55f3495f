#include "os/sandbox_calls.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace bulkhead::os {

namespace {

struct NamedCall {
  int number;
  std::string_view name;
};

/// Nothing that a worker's libraries try by habit: a call of these is an attack, or a task that
/// should run under another profile.
constexpr std::array kWaysOut = {
    // another program, another process
    NamedCall{SYS_execve, "execve"},
    NamedCall{SYS_execveat, "execveat"},
#if defined(__x86_64__)
    NamedCall{SYS_fork, "fork"},
    NamedCall{SYS_vfork, "vfork"},
#endif
    // into other processes
    NamedCall{SYS_ptrace, "ptrace"},
    NamedCall{SYS_process_vm_readv, "process_vm_readv"},
    NamedCall{SYS_process_vm_writev, "process_vm_writev"},
    NamedCall{SYS_kcmp, "kcmp"},
    NamedCall{SYS_pidfd_open, "pidfd_open"},
    NamedCall{SYS_pidfd_getfd, "pidfd_getfd"},
    NamedCall{SYS_pidfd_send_signal, "pidfd_send_signal"},
    NamedCall{SYS_rt_sigqueueinfo, "rt_sigqueueinfo"},
    NamedCall{SYS_tkill, "tkill"},
    NamedCall{SYS_rt_tgsigqueueinfo, "rt_tgsigqueueinfo"},
    NamedCall{SYS_process_madvise, "process_madvise"},
    // out of this user, root directory, name space
    NamedCall{SYS_setuid, "setuid"},
    NamedCall{SYS_setgid, "setgid"},
    NamedCall{SYS_setreuid, "setreuid"},
    NamedCall{SYS_setregid, "setregid"},
    NamedCall{SYS_setresuid, "setresuid"},
    NamedCall{SYS_setresgid, "setresgid"},
    NamedCall{SYS_setgroups, "setgroups"},
    NamedCall{SYS_setfsuid, "setfsuid"},
    NamedCall{SYS_setfsgid, "setfsgid"},
    NamedCall{SYS_chroot, "chroot"},
    NamedCall{SYS_unshare, "unshare"},
    NamedCall{SYS_setns, "setns"},
    NamedCall{SYS_pivot_root, "pivot_root"},
    NamedCall{SYS_mount, "mount"},
    NamedCall{SYS_umount2, "umount2"},
    NamedCall{SYS_open_tree, "open_tree"},
    NamedCall{SYS_move_mount, "move_mount"},
    NamedCall{SYS_fsopen, "fsopen"},
    NamedCall{SYS_fsmount, "fsmount"},
    NamedCall{SYS_mount_setattr, "mount_setattr"},
    NamedCall{SYS_open_by_handle_at, "open_by_handle_at"},
    // parts of the kernel that have had many holes, and of no use here
    NamedCall{SYS_bpf, "bpf"},
    NamedCall{SYS_io_uring_setup, "io_uring_setup"},
    NamedCall{SYS_io_uring_enter, "io_uring_enter"},
    NamedCall{SYS_io_uring_register, "io_uring_register"},
    NamedCall{SYS_userfaultfd, "userfaultfd"},
    NamedCall{SYS_perf_event_open, "perf_event_open"},
    NamedCall{SYS_add_key, "add_key"},
    NamedCall{SYS_request_key, "request_key"},
    NamedCall{SYS_keyctl, "keyctl"},
    NamedCall{SYS_fanotify_init, "fanotify_init"},
    // the system
    NamedCall{SYS_init_module, "init_module"},
    NamedCall{SYS_finit_module, "finit_module"},
    NamedCall{SYS_delete_module, "delete_module"},
    NamedCall{SYS_kexec_load, "kexec_load"},
    NamedCall{SYS_reboot, "reboot"},
    NamedCall{SYS_swapon, "swapon"},
    NamedCall{SYS_swapoff, "swapoff"},
    NamedCall{SYS_acct, "acct"},
    NamedCall{SYS_quotactl, "quotactl"},
    NamedCall{SYS_syslog, "syslog"},
    NamedCall{SYS_sethostname, "sethostname"},
    NamedCall{SYS_settimeofday, "settimeofday"},
    NamedCall{SYS_clock_settime, "clock_settime"},
    NamedCall{SYS_adjtimex, "adjtimex"},
#if defined(__x86_64__)
    NamedCall{SYS_iopl, "iopl"},
    NamedCall{SYS_ioperm, "ioperm"},
#endif
};

/// Trapped unless their arguments are harmless.
constexpr std::array kConditional = {NamedCall{SYS_clone, "clone"}, NamedCall{SYS_kill, "kill"},
                                     NamedCall{SYS_tgkill, "tgkill"}};

/// Reaching others. Libraries try to: for a name of a user, or to log.
constexpr std::array kSockets = {SYS_socket, SYS_connect, SYS_bind,   SYS_listen,
                                 SYS_accept, SYS_accept4, SYS_shmget, SYS_shmat,
                                 SYS_msgget, SYS_semget,  SYS_mq_open};

/// Landlock does not know of these, see "Current limitations" in landlock(7).
constexpr std::array kAccessOfFiles = {
    SYS_fchmod,    SYS_fchmodat,  SYS_fchown,      SYS_fchownat,     SYS_setxattr,
    SYS_lsetxattr, SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr,
#if defined(__x86_64__)
    SYS_chmod,     SYS_chown,     SYS_lchown,
#endif
};

/// The same errno as where the file may not be opened: what asks for one by name goes on without.
constexpr std::array kFileNames = {
    SYS_openat,    SYS_openat2,    SYS_newfstatat, SYS_statx,     SYS_statfs,
    SYS_faccessat, SYS_faccessat2, SYS_readlinkat, SYS_mkdirat,   SYS_mknodat,
    SYS_unlinkat,  SYS_renameat2,  SYS_linkat,     SYS_symlinkat, SYS_utimensat,
    SYS_truncate,  SYS_chdir,      SYS_fchdir,     SYS_getcwd,    SYS_inotify_add_watch,
#if defined(__x86_64__)
    SYS_open,      SYS_creat,      SYS_stat,       SYS_lstat,     SYS_access,
    SYS_readlink,  SYS_mkdir,      SYS_rmdir,      SYS_mknod,     SYS_unlink,
    SYS_rename,    SYS_renameat,   SYS_link,       SYS_symlink,   SYS_utime,
    SYS_utimes,    SYS_futimesat,
#endif
};

constexpr std::array kComputing = {
    // memory
    SYS_brk,
    SYS_munmap,
    SYS_mremap,
    SYS_madvise,
    // descriptors that it has or is handed
    SYS_read,
    SYS_readv,
    SYS_pread64,
    SYS_preadv,
    SYS_write,
    SYS_writev,
    SYS_lseek,
    SYS_close,
    SYS_close_range,
    SYS_dup,
    SYS_fstat,
    SYS_fadvise64,
    SYS_recvmsg,
    SYS_ppoll,
    // threads
    SYS_futex,
    SYS_set_robust_list,
    SYS_get_robust_list,
    SYS_rseq,
    SYS_set_tid_address,
    SYS_sched_yield,
    SYS_sched_getaffinity,
    SYS_membarrier,
    SYS_exit,
    SYS_exit_group,
    // signals
    SYS_rt_sigaction,
    SYS_rt_sigprocmask,
    SYS_rt_sigreturn,
    SYS_sigaltstack,
    SYS_restart_syscall,
    // time
    SYS_nanosleep,
    SYS_clock_nanosleep,
    SYS_clock_gettime,
    SYS_clock_getres,
    SYS_gettimeofday,
    // what it is
    SYS_getpid,
    SYS_gettid,
    SYS_getppid,
    SYS_getuid,
    SYS_geteuid,
    SYS_getgid,
    SYS_getegid,
    SYS_getrusage,
    SYS_times,
    SYS_sysinfo,
    SYS_uname,
    SYS_getrandom,
    SYS_getcpu,
#if defined(__x86_64__)
    SYS_poll,
    SYS_time,
    SYS_dup2,
    SYS_arch_prctl,
#endif
};

std::uint32_t own_number() {
  return static_cast<std::uint32_t>(::getpid());
}

/// What is alike in both: no way out, but threads, and signals to itself.
void trap_ways_out(SystemCallFilter& filter) {
  const auto allow = CallAnswer::allow();
  const auto trap = CallAnswer::trap();
  for (const NamedCall& call : kWaysOut) {
    filter.answer(call.number, trap);
  }
  filter.answer_if(SYS_clone, {.argument = 0, .mask = CLONE_THREAD, .values = {CLONE_THREAD}},
                   allow, trap);
  // Its flags lie in memory, where no filter sees them; the C library then uses clone.
  filter.answer(SYS_clone3, CallAnswer::refuse(ENOSYS));
  filter.answer_if(SYS_kill, {.argument = 0, .values = {own_number()}}, allow, trap);
  filter.answer_if(SYS_tgkill, {.argument = 0, .values = {own_number()}}, allow, trap);
}

void forbid_executable_memory(SystemCallFilter& filter) {
  const auto allow = CallAnswer::allow();
  const auto refuse = CallAnswer::refuse(EACCES);
  const ArgumentTest is_not_executable{.argument = 2, .mask = PROT_EXEC, .values = {0}};
  for (const int call : {SYS_mmap, SYS_mprotect, SYS_pkey_mprotect}) {
    filter.answer_if(call, is_not_executable, allow, refuse);
  }
}

}  // namespace

SystemCallFilter file_work_calls() {
  const auto allow = CallAnswer::allow();
  SystemCallFilter filter(allow);
  trap_ways_out(filter);
  filter.answer(kSockets, CallAnswer::refuse(EACCES));
  filter.answer(kAccessOfFiles, CallAnswer::refuse(EPERM));
  // Typing into the terminal that it writes to. (TIOCSTI(2const), TIOCLINUX)
  filter.answer_if(SYS_ioctl, {.argument = 1, .values = {TIOCSTI, TIOCLINUX}},
                   CallAnswer::refuse(EPERM), allow);
  return filter;
}

SystemCallFilter computing_calls() {
  const auto allow = CallAnswer::allow();
  SystemCallFilter filter(CallAnswer::refuse(ENOSYS));
  trap_ways_out(filter);
  filter.answer(SYS_socket, CallAnswer::trap());
  forbid_executable_memory(filter);
  filter.answer(kFileNames, CallAnswer::refuse(EACCES));
  filter.answer(SYS_ioctl, CallAnswer::refuse(ENOTTY));
  // Not F_SETOWN, which has the kernel send signals to whom it names.
  filter.answer_if(
      SYS_fcntl,
      {.argument = 1, .values = {F_GETFD, F_SETFD, F_GETFL, F_DUPFD, F_DUPFD_CLOEXEC, F_GET_SEALS}},
      allow, CallAnswer::refuse(EACCES));
  filter.answer_if(SYS_prctl, {.argument = 0, .values = {PR_SET_NAME, PR_GET_NAME}}, allow,
                   CallAnswer::refuse(EACCES));
  // Of itself only. Its own soft limits it may move as far as the hard ones.
  filter.answer_if(SYS_prlimit64, {.argument = 0, .values = {0, own_number()}}, allow,
                   CallAnswer::refuse(EPERM));
  filter.answer(kComputing, allow);
  return filter;
}

std::string_view trapped_call_name(int call) {
  if (call == SYS_socket) {
    return "socket";
  }
  const auto name_in = [call](const auto& calls) -> std::string_view {
    const auto found = std::ranges::find(calls, call, &NamedCall::number);
    return found == calls.end() ? std::string_view() : found->name;
  };
  const std::string_view name = name_in(kWaysOut);
  return name.empty() ? name_in(kConditional) : name;
}

}  // namespace bulkhead::os
