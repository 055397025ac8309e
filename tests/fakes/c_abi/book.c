/* A right engine of the C ABI: price-time priority, limit and IOC, cancel, modify. Short rather than fast.
 *
 * -DBATCH     exports engine_on_batch
 * -DOWN       brings its own transport
 * -DTHREAD    matches on a thread of its own
 * -DTRADES_FIRST  tells trades before the acknowledgement, as the ABI allows
 */
#include <pthread.h>
#include <stdlib.h>

#include "abi.h"

#define BUCKETS 4096

typedef struct order {
    uint64_t id;
    int64_t price;
    uint32_t open;
    uint8_t side;
    struct order *before, *behind; /* in the queue of its side, best price first, then by time */
    struct order *chain;           /* in its bucket */
} order_t;

static order_t *first[2], *last[2], *buckets[BUCKETS];
static const me_transport_t *transport;
static void *sink;

static void report(uint8_t type, uint64_t sequence, const order_t *about, uint32_t quantity, uint64_t maker, int64_t price)
{
    me_report_t it = {.type = type, .side = about->side, .sequence_number = sequence, .order_id = about->id,
                      .price_ticks = price, .quantity = quantity, .maker_order_id = maker,
                      .taker_order_id = type == TRADE ? about->id : 0};
    while (!transport->push(sink, &it)) { }
}

static order_t **place_of(uint64_t id)
{
    order_t **at = &buckets[id % BUCKETS];
    while (*at && (*at)->id != id)
        at = &(*at)->chain;
    return at;
}

static int is_better(const order_t *one, const order_t *other)
{
    return one->side == 0 ? one->price > other->price : one->price < other->price;
}

static void join(order_t *it)
{
    order_t *before = last[it->side];
    while (before && is_better(it, before))
        before = before->before;
    it->before = before;
    it->behind = before ? before->behind : first[it->side];
    *(before ? &before->behind : &first[it->side]) = it;
    *(it->behind ? &it->behind->before : &last[it->side]) = it;
    it->chain = 0;
    *place_of(it->id) = it;
}

static void leave(order_t *it)
{
    *(it->before ? &it->before->behind : &first[it->side]) = it->behind;
    *(it->behind ? &it->behind->before : &last[it->side]) = it->before;
    *place_of(it->id) = it->chain;
}

static void match(order_t *taker, uint64_t sequence)
{
    order_t *maker;
    while (taker->open && (maker = first[!taker->side])
           && (taker->side == 0 ? maker->price <= taker->price : maker->price >= taker->price)) {
        uint32_t quantity = maker->open < taker->open ? maker->open : taker->open;
        maker->open -= quantity;
        taker->open -= quantity;
        report(TRADE, sequence, taker, quantity, maker->id, maker->price);
        if (!maker->open) {
            leave(maker);
            free(maker);
        }
    }
}

static void take(const new_order_t *it, uint8_t acknowledgement)
{
    order_t *order = malloc(sizeof *order);
    *order = (order_t){.id = it->order_id, .price = it->price_ticks, .open = it->quantity, .side = it->side};
#ifndef TRADES_FIRST
    report(acknowledgement, it->sequence_number, order, it->quantity, 0, it->price_ticks);
#endif
    match(order, it->sequence_number);
#ifdef TRADES_FIRST
    report(acknowledgement, it->sequence_number, order, it->quantity, 0, it->price_ticks);
#endif
    if (order->open && !it->ioc) {
        join(order);
        return;
    }
    if (order->open)
        report(CANCEL_ACK, it->sequence_number, order, order->open, 0, order->price);
    free(order);
}

static void reject(uint8_t type, uint64_t id, uint64_t sequence)
{
    order_t nobody = {.id = id};
    report(type, sequence, &nobody, 0, 0, 0);
}

static void carry_out(const me_msg_t *message)
{
    order_t *order = message->type == NEW ? 0 : *place_of(message->c.order_id);
    if (message->type == NEW) {
        take(&message->no, ORDER_ACK);
    } else if (!order) {
        reject(message->type == CANCEL ? CANCEL_REJECT : MODIFY_REJECT, message->c.order_id, message->c.sequence_number);
    } else if (message->type == CANCEL) {
        leave(order);
        /* How much went need not be told. */
        report(CANCEL_ACK, message->c.sequence_number, order, 0, 0, order->price);
        free(order);
    } else {
        new_order_t again = {.order_id = order->id, .sequence_number = message->md.sequence_number,
                             .price_ticks = message->md.new_price_ticks, .quantity = message->md.new_quantity, .side = order->side};
        leave(order);
        free(order);
        take(&again, MODIFY_ACK);
    }
}

#ifdef THREAD
/* One message at a time is handed over; the barrier is at the end of each call, and the reports come from the other thread. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static const me_msg_t *waiting;

static void *matcher(void *nothing)
{
    pthread_mutex_lock(&lock);
    for (;;) {
        while (!waiting)
            pthread_cond_wait(&changed, &lock);
        carry_out(waiting);
        waiting = 0;
        pthread_cond_broadcast(&changed);
    }
    return nothing;
}

static void submit(const me_msg_t *message)
{
    pthread_mutex_lock(&lock);
    waiting = message;
    pthread_cond_broadcast(&changed);
    while (waiting)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}
#else
#define submit carry_out
#endif

void engine_init(uint64_t seed, const me_transport_t *given, void *queue)
{
    (void)seed;
    transport = given;
    sink = queue;
#ifdef THREAD
    pthread_t thread;
    pthread_create(&thread, 0, matcher, 0);
#endif
}

void engine_shutdown(void) { }
void engine_flush(void) { }

void engine_on_new_order(const new_order_t *it) { submit(&(me_msg_t){.type = NEW, .no = *it}); }
void engine_on_cancel(const cancel_t *it) { submit(&(me_msg_t){.type = CANCEL, .c = *it}); }
void engine_on_modify(const modify_t *it) { submit(&(me_msg_t){.type = MODIFY, .md = *it}); }

int64_t engine_query_best_bid(void) { return first[0] ? first[0]->price : INT64_MIN; }
int64_t engine_query_best_ask(void) { return first[1] ? first[1]->price : INT64_MAX; }

uint64_t engine_query_depth_at(int64_t price, uint8_t side)
{
    uint64_t depth = 0;
    for (const order_t *it = first[side]; it; it = it->behind)
        depth += it->price == price ? it->open : 0;
    return depth;
}

#ifdef BATCH
void engine_on_batch(const me_msg_t *messages, uint32_t count)
{
    for (uint32_t at = 0; at < count; at++)
        submit(&messages[at]);
}
#endif

#ifdef OWN
typedef struct { uint32_t count, capacity; me_report_t reports[]; } queue_t;

static void *create(uint32_t capacity)
{
    queue_t *made = malloc(sizeof *made + (uint64_t)capacity * sizeof(me_report_t));
    if (made)
        *made = (queue_t){.capacity = capacity};
    return made;
}

static int push(void *queue, const me_report_t *it)
{
    queue_t *to = queue;
    if (to->count == to->capacity)
        return 0;
    to->reports[to->count++] = *it;
    return 1;
}

static uint32_t drain(void *queue, me_report_t *out, uint32_t max)
{
    static uint32_t taken;
    queue_t *from = queue;
    uint32_t count = 0;
    while (count < max && taken < from->count)
        out[count++] = from->reports[taken++];
    if (taken == from->count)
        from->count = taken = 0;
    return count;
}

static void flush(void *queue) { (void)queue; }
static const me_transport_t own = {create, push, drain, flush, free};
const me_transport_t *engine_get_transport(void) { return &own; }
#endif
