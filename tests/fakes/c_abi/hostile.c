/* An engine of the C ABI that goes wrong in the way that WAY names, at the message that the environment's AT names. Until then it takes all
 * orders and refuses the rest. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi.h"

static const me_transport_t *transport;
static void *sink;
static uint64_t messages, at;
static const char *way;

static int is(const char *name) { return !strcmp(way, name); }

__attribute__((constructor)) static void loaded(void)
{
    way = getenv("WAY");
    at = strtoull(getenv("AT"), 0, 10);
    if (is("aborts when it is loaded"))
        abort();
    if (is("hangs when it is loaded"))
        for (;;)
            pause();
}

static void report(uint8_t type, uint64_t sequence, uint64_t order, int64_t price, uint32_t quantity)
{
    me_report_t it = {.type = type, .sequence_number = sequence, .order_id = order, .price_ticks = price, .quantity = quantity};
    transport->push(sink, &it);
}

static void eat(void)
{
    for (;;) {
        char *more = malloc(1 << 20);
        if (!more)
            abort();
        memset(more, 1, 1 << 20);
    }
}

static void have_children(void)
{
    for (int child = 0; child < 3; child++)
        if (!fork()) {
            if (child)
                setsid();
            execlp("sleep", "sleep", "3600.25", (char *)0);
        }
}

/* Whether the message is answered all the same. */
static int go_wrong(uint64_t sequence)
{
    if (is("dies of a segmentation fault"))
        *(volatile int *)0 = 1;
    if (is("aborts"))
        abort();
    if (is("exits"))
        exit(7);
    if (is("hangs"))
        for (;;)
            pause();
    if (is("ignores what ends it")) {
        signal(SIGTERM, SIG_IGN);
        for (;;)
            ;
    }
    if (is("answers nothing"))
        return 0;
    if (is("answers twice"))
        report(ORDER_ACK, sequence, sequence, 1, 1);
    if (is("tells a report that there is not"))
        report(77, sequence, sequence, 1, 1);
    if (is("tells reports without end"))
        for (;;)
            report(TRADE, sequence, sequence, 1, 1);
    if (is("eats memory"))
        eat();
    if (is("has children"))
        have_children();
    if (is("dies and leaves children")) {
        have_children();
        abort();
    }
    if (is("comes back twice") && fork() > 0)
        wait(0);
    if (is("prints")) {
        printf("{\"type\": \"accepted\"}\n");
        fprintf(stderr, "to the log\n");
        fflush(stdout);
    }
    if (is("closes all that is open"))
        for (int descriptor = 0; descriptor < 1024; descriptor++)
            close(descriptor);
    return 1;
}

static int is_right(uint64_t sequence) { return !is("never answers") && (++messages != at || go_wrong(sequence)); }

void engine_init(uint64_t seed, const me_transport_t *given, void *queue)
{
    (void)seed;
    transport = given;
    sink = queue;
    if (is("dies when it is begun"))
        abort();
}

void engine_shutdown(void)
{
    if (is("hangs at its end"))
        for (;;)
            pause();
    if (is("answers at its end"))
        for (int times = 0; times < 1 << 15; times++)
            report(ORDER_ACK, at, at, 1, 1);
}

void engine_flush(void) { }

void engine_on_new_order(const new_order_t *it)
{
    if (is_right(it->sequence_number))
        report(ORDER_ACK, it->sequence_number, it->order_id, it->price_ticks, it->quantity);
}

void engine_on_cancel(const cancel_t *it)
{
    if (is_right(it->sequence_number))
        report(CANCEL_REJECT, it->sequence_number, it->order_id, 0, 0);
}

void engine_on_modify(const modify_t *it)
{
    if (is_right(it->sequence_number))
        report(MODIFY_REJECT, it->sequence_number, it->order_id, 0, 0);
}

int64_t engine_query_best_bid(void) { return INT64_MIN; }
int64_t engine_query_best_ask(void) { return INT64_MAX; }
uint64_t engine_query_depth_at(int64_t price, uint8_t side) { (void)price; (void)side; return 0; }

#ifdef BATCH
void engine_on_batch(const me_msg_t *of, uint32_t count)
{
    for (uint32_t row = 0; row < count; row++)
        if (of[row].type == NEW)
            engine_on_new_order(&of[row].no);
        else if (of[row].type == CANCEL)
            engine_on_cancel(&of[row].c);
        else
            engine_on_modify(&of[row].md);
}
#endif
