/* An engine of the C ABI without a book: it acknowledges every order and refuses the rest. With -DBATCH it takes batches. */
#include <stdint.h>

typedef struct { uint64_t order_id, sequence_number; int64_t price_ticks; uint32_t quantity; uint8_t side, ioc, reserved[2]; } new_order_t;
typedef struct { uint64_t order_id, sequence_number; } cancel_t;
typedef struct { uint8_t type, reserved[7]; union { new_order_t no; cancel_t c; }; } me_msg_t;
typedef struct {
    uint8_t type, side, reserved[6];
    uint64_t sequence_number, order_id;
    int64_t price_ticks;
    uint32_t quantity, reserved2;
    uint64_t maker_order_id, taker_order_id, reserved3;
} me_report_t;
typedef struct { void *(*create)(uint32_t); int (*push)(void *, const me_report_t *); } me_transport_t;

static const me_transport_t *transport;
static void *sink;

static void refuse(uint8_t type, const cancel_t *it)
{
    transport->push(sink, &(me_report_t){.type = type, .sequence_number = it->sequence_number, .order_id = it->order_id});
}

void engine_init(uint64_t seed, const me_transport_t *given, void *queue) { (void)seed; transport = given; sink = queue; }
void engine_shutdown(void) { }
void engine_flush(void) { }

void engine_on_new_order(const new_order_t *it)
{
    transport->push(sink, &(me_report_t){.side = it->side, .sequence_number = it->sequence_number, .order_id = it->order_id,
                                         .price_ticks = it->price_ticks, .quantity = it->quantity});
}

void engine_on_cancel(const cancel_t *it) { refuse(4, it); }
void engine_on_modify(const cancel_t *it) { refuse(5, it); }

#ifdef BATCH
void engine_on_batch(const me_msg_t *messages, uint32_t count)
{
    for (const me_msg_t *it = messages; it < messages + count; it++)
        if (it->type == 0)
            engine_on_new_order(&it->no);
        else
            refuse(it->type + 3, &it->c);
}
#endif

int64_t engine_query_best_bid(void) { return INT64_MIN; }
int64_t engine_query_best_ask(void) { return INT64_MAX; }
uint64_t engine_query_depth_at(int64_t price, uint8_t side) { (void)price; (void)side; return 0; }
