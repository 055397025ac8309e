/* The C ABI of github.com/flash1-dev/matching-engine-benchmark (api/matching_engine_api.h, MIT): what an engine exports and is given. */
#ifndef ABI_H
#define ABI_H
#include <stdint.h>

typedef struct { uint64_t order_id, sequence_number; int64_t price_ticks; uint32_t quantity; uint8_t side, ioc, pad[2]; } new_order_t;
typedef struct { uint64_t order_id, sequence_number; } cancel_t;
typedef struct { uint64_t order_id, sequence_number; int64_t new_price_ticks; uint32_t new_quantity; uint8_t side, pad[3]; } modify_t;
typedef struct { uint8_t type, pad[7]; union { new_order_t no; cancel_t c; modify_t md; }; } me_msg_t;
typedef struct {
    uint8_t type, side, pad[6];
    uint64_t sequence_number, order_id;
    int64_t price_ticks;
    uint32_t quantity, pad2;
    uint64_t maker_order_id, taker_order_id, pad3;
} me_report_t;
typedef struct {
    void *(*create)(uint32_t capacity);
    int (*push)(void *queue, const me_report_t *report);
    uint32_t (*drain)(void *queue, me_report_t *out, uint32_t max);
    void (*flush)(void *queue);
    void (*destroy)(void *queue);
} me_transport_t;

enum { NEW, CANCEL, MODIFY };
enum { ORDER_ACK, TRADE, CANCEL_ACK, MODIFY_ACK, CANCEL_REJECT, MODIFY_REJECT };

_Static_assert(sizeof(me_msg_t) == 40 && sizeof(me_report_t) == 64, "the layout is part of the ABI");
#endif
