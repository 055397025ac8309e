/* A venue of OUCH 5.0 over SoupBinTCP without a book: it accepts every order and refuses every cancel. One connection at a time, at the given port. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEARS = 1 << 17, TELLS = 4 * HEARS, ENTER_BYTES = 47, ACCEPTED_BYTES = 64, REFUSED_BYTES = 13 };
static unsigned char heard[HEARS], told[TELLS];

static unsigned char *framed(unsigned char *to, char type, int size)
{
    *to++ = (size + 1) >> 8;
    *to++ = (size + 1) & 0xFF;
    *to++ = type;
    memset(to, 0, size);
    return to;
}

static unsigned char *accepted(unsigned char *to, const unsigned char *order)
{
    to = framed(to, 'S', ACCEPTED_BYTES);
    to[0] = 'A';
    memcpy(to + 9, order + 1, 27);   /* UserRefNum, side, quantity, symbol, price, time in force, display */
    memcpy(to + 44, order + 28, 3);  /* capacity, intermarket sweep, cross type */
    to[47] = 'L';
    memcpy(to + 48, order + 31, 14); /* ClOrdID */
    return to + ACCEPTED_BYTES;
}

static unsigned char *refused(unsigned char *to, const unsigned char *cancel)
{
    to = framed(to, 'S', REFUSED_BYTES);
    to[0] = 'I';
    memcpy(to + 9, cancel + 1, 4);
    return to + REFUSED_BYTES;
}

static unsigned char *answer(unsigned char *to, char type, const unsigned char *payload, int size)
{
    if (type == 'L')
        return mempcpy(framed(to, 'A', 30), "ACKNOWLEDG                   1", 30);
    if (type == 'U' && size >= ENTER_BYTES && payload[0] == 'O')
        return accepted(to, payload);
    if (type == 'U' && payload[0] == 'X')
        return refused(to, payload);
    return to;
}

/* Talk until the other side hangs up. */
static void serve(int line)
{
    size_t have = 0;
    for (ssize_t got; (got = recv(line, heard + have, sizeof heard - have, 0)) > 0;) {
        have += got;
        unsigned char *at = heard, *end = heard + have, *to = told;
        for (int size; end - at > 2 && end - at >= 2 + (size = at[0] << 8 | at[1]); at += 2 + size)
            to = answer(to, at[2], at + 3, size - 1);
        for (unsigned char *from = told; from < to; from += got)
            if ((got = send(line, from, to - from, MSG_NOSIGNAL)) <= 0)
                return;
        have = end - at;
        memmove(heard, at, have);
    }
}

int main(int count, char **words)
{
    int on = 1, door = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(count > 1 ? atoi(words[1]) : 0), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(door, (struct sockaddr *)&address, sizeof address) || listen(door, 1))
        return 1;
    for (int line; (line = accept(door, 0, 0)) >= 0; close(line)) {
        setsockopt(line, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        serve(line);
    }
    return 1;
}
