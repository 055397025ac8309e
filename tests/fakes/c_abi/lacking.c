/* A library that lacks two of the C ABI's symbols. */
#include "abi.h"

void engine_init(uint64_t seed, const me_transport_t *given, void *queue) { (void)seed; (void)given; (void)queue; }
void engine_shutdown(void) { }
void engine_on_new_order(const new_order_t *it) { (void)it; }
void engine_on_cancel(const cancel_t *it) { (void)it; }
void engine_flush(void) { }
int64_t engine_query_best_bid(void) { return INT64_MIN; }
int64_t engine_query_best_ask(void) { return INT64_MAX; }
