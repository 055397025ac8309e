/* An engine of JSON lines without a book, over its standard streams: it accepts every order and refuses the rest. */
#define _GNU_SOURCE
#include <string.h>
#include <unistd.h>

enum { HEARS = 1 << 17, TELLS = 4 * HEARS };
static char heard[HEARS], told[TELLS];

static char *put(char *to, const char *text) { return stpcpy(to, text); }

/* The value of a field of the line as it stands there, behind another name; gonogo writes fields in one order, so the search goes on from *from. */
static char *echo(char *to, const char **from, const char *end, const char *name, const char *as)
{
    const char *at = memmem(*from, end - *from, name, strlen(name));
    if (!at)
        return to;
    const char *value = at + strlen(name), *stop = value;
    while (*stop != ',' && *stop != '}')
        stop++;
    to = mempcpy(put(to, as), value, stop - value);
    *from = stop;
    return to;
}

static char *accepted(char *to, const char *line, const char *end)
{
    to = echo(put(to, "{\"type\":\"accepted\""), &line, end, "\"number\":", ",\"command\":");
    to = echo(to, &line, end, "\"order\":", ",\"order\":");
    to = echo(to, &line, end, "\"price\":", ",\"price\":");
    const char *quantity = line;
    to = echo(to, &quantity, end, "\"qty\":", ",\"qty\":");
    to = echo(to, &line, end, "\"qty\":", ",\"remaining\":");
    to = echo(to, &line, end, "\"instrument\":", ",\"instrument\":");
    to = echo(to, &line, end, "\"account\":", ",\"account\":");
    to = echo(to, &line, end, "\"side\":", ",\"side\":");
    return put(to, "}\n");
}

static char *refused(char *to, const char *line, const char *end)
{
    to = echo(put(to, "{\"type\":\"cancel_rejected\""), &line, end, "\"number\":", ",\"command\":");
    to = echo(to, &line, end, "\"target\":", ",\"order\":");
    to = echo(to, &line, end, "\"instrument\":", ",\"instrument\":");
    return put(to, ",\"reason\":\"unknown_order\"}\n");
}

static char *answer(char *to, const char *line, const char *end)
{
    if (!memcmp(line, "{\"type\":\"new\"", 13))
        return accepted(to, line, end);
    if (!memcmp(line, "{\"type\":\"init\"", 14))
        return put(to, "{\"type\":\"init_ok\",\"version\":1,\"name\":\"acknowledging\",\"capabilities\":{\"commands\":[\"new\",\"cancel\"],"
                       "\"tifs\":[\"day\",\"ioc\"],\"carries\":[\"price\",\"qty\",\"remaining\",\"account\",\"side\",\"reason\"],\"reset\":\"call\"}}\n");
    if (!memcmp(line, "{\"type\":\"reset\"", 15))
        return put(to, "{\"type\":\"reset_ok\"}\n");
    return refused(to, line, end);
}

static void tell(const char *end)
{
    for (const char *from = told; from < end;) {
        ssize_t wrote = write(STDOUT_FILENO, from, end - from);
        if (wrote <= 0)
            _exit(1);
        from += wrote;
    }
}

int main(void)
{
    size_t have = 0;
    for (ssize_t got; (got = read(STDIN_FILENO, heard + have, sizeof heard - have)) > 0;) {
        have += got;
        const char *line = heard, *end;
        char *to = told;
        for (; (end = memchr(line, '\n', heard + have - line)); line = end + 1)
            to = answer(to, line, end);
        tell(to);
        have -= line - heard;
        memmove(heard, line, have);
    }
    return 0;
}
