#pragma once

/// The questions put to a process pool, one file each. Every one prints its figures.
namespace bench {

void round_trip(unsigned workers);
void submit_then_wait(unsigned workers);
void map_integers(unsigned workers);
void short_tasks(unsigned workers);
void heavy_tail(unsigned workers);
void large_values(unsigned workers);
void captured_object(unsigned workers);
void first_result(unsigned workers);
void crashes(unsigned workers);
void timeouts(unsigned workers);
void memory(unsigned workers);
void straggler(unsigned workers);
void kill_busy_workers(unsigned workers);
void random_kills(unsigned workers);
void commands(unsigned workers);

}  // namespace bench
