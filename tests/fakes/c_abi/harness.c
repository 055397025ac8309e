/* A harness of the C ABI that is no Python: it loads the library that its first word names, hands over some messages, from a second thread
 * at last, and prints what is reported: type sequence order price quantity maker. */
#include <dlfcn.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "abi.h"

static void *library;

static void *found(const char *name)
{
    void *symbol = dlsym(library, name);
    if (!symbol) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    return symbol;
}

static int push(void *queue, const me_report_t *it)
{
    (void)queue;
    printf("%d %" PRIu64 " %" PRIu64 " %" PRId64 " %" PRIu32 " %" PRIu64 "\n", it->type, it->sequence_number,
           it->order_id ? it->order_id : it->taker_order_id, it->price_ticks, it->quantity, it->maker_order_id);
    return 1;
}

static void *cancel(void *nothing)
{
    void (*on_cancel)(const cancel_t *) = found("engine_on_cancel");
    on_cancel(&(cancel_t){.order_id = 2, .sequence_number = 4});
    return nothing;
}

int main(int count, char **words)
{
    const me_msg_t messages[] = {
        {.type = NEW, .no = {.order_id = 1, .sequence_number = 1, .price_ticks = 100, .quantity = 5, .side = 1}},
        {.type = NEW, .no = {.order_id = 2, .sequence_number = 2, .price_ticks = 101, .quantity = 7}},
        {.type = MODIFY, .md = {.order_id = 2, .sequence_number = 3, .new_price_ticks = -4, .new_quantity = 9}},
    };
    const me_transport_t transport = {.push = push};
    pthread_t thread;
    library = count > 1 ? dlopen(words[1], RTLD_NOW | RTLD_LOCAL) : 0;
    if (!library) {
        fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    ((void (*)(uint64_t, const me_transport_t *, void *))found("engine_init"))(1, &transport, 0);
    ((void (*)(const me_msg_t *, uint32_t))found("engine_on_batch"))(messages, 3);
    printf("bid %" PRId64 " depth %" PRIu64 "\n", ((int64_t(*)(void))found("engine_query_best_bid"))(),
           ((uint64_t(*)(int64_t, uint8_t))found("engine_query_depth_at"))(-4, 0));
    pthread_create(&thread, 0, cancel, 0);
    pthread_join(thread, 0);
    printf("ask empty %d\n", ((int64_t(*)(void))found("engine_query_best_ask"))() == INT64_MAX);
    ((void (*)(void))found("engine_shutdown"))();
    return 0;
}
