/* framing.c: Content-Length beside Transfer-Encoding, two lengths, no Host, bare line feeds, folded lines; and what may be
 * said once only, since whoever stands before us might read the other one. */
#include "http/framing.h"

#include <string.h>
#include <strings.h>

static const char *const said_once[] = {"Authorization", "Content-Type", "Idempotency-Key", "Upload-Offset"};

enum { SAID_ONCE = sizeof said_once / sizeof *said_once };

struct seen {
    int lengths, encodings, hosts, once[SAID_ONCE];
    bool loose_line, bad_length, not_chunked, odd_name;
    int64_t length;
    const char *next; /* where the next line begins if this one ended in CR LF */
};

/* libmicrohttpd clears the line ends in its read buffer and hands out pointers into it. A line that ended in CR LF is
 * followed by the next one after two bytes; after a bare LF it comes earlier, and a folded line lies elsewhere. */
static const char *line_after(const char *text)
{
    return text + strlen(text) + 2;
}

static bool read_length(const char *text, int64_t *ret_length)
{
    int64_t length = 0;

    if (*text == '\0' || strlen(text) > 18)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        length = length * 10 + (*text - '0');
    }
    *ret_length = length;
    return true;
}

static enum MHD_Result look_at_header(void *context, enum MHD_ValueKind kind, const char *key, const char *value)
{
    struct seen *seen = context;

    (void)kind;
    if (!value)
        value = "";
    if (strpbrk(key, " \t") || *key == '\0')
        seen->odd_name = true;
    if (key != seen->next)
        seen->loose_line = true;
    seen->next = line_after(value);
    if (strcasecmp(key, "Content-Length") == 0) {
        seen->lengths++;
        if (!read_length(value, &seen->length))
            seen->bad_length = true;
    } else if (strcasecmp(key, "Transfer-Encoding") == 0) {
        seen->encodings++;
        if (strcasecmp(value, "chunked") != 0)
            seen->not_chunked = true;
    } else if (strcasecmp(key, "Host") == 0) {
        seen->hosts++;
    }
    for (size_t i = 0; i < SAID_ONCE; i++)
        seen->once[i] += strcasecmp(key, said_once[i]) == 0;
    return MHD_YES;
}

const char *framing_fault(struct MHD_Connection *connection, const char *version, int64_t *ret_length,
                          bool *ret_has_body)
{
    struct seen seen = {.length = -1, .next = line_after(version)};

    MHD_get_connection_values(connection, MHD_HEADER_KIND, look_at_header, &seen);
    *ret_length = seen.length;
    *ret_has_body = seen.encodings > 0 || seen.length > 0;
    if (seen.loose_line)
        return "lines must end in CR LF and must not be folded";
    if (seen.odd_name)
        return "a header's name must not be empty or hold a space";
    if (seen.hosts != 1 && strcmp(version, "HTTP/1.0") != 0)
        return "exactly one Host header is needed";
    if (seen.hosts > 1)
        return "there is more than one Host header";
    if (seen.lengths > 1 || seen.bad_length)
        return "Content-Length must be given once, as a number";
    if (seen.encodings > 0 && seen.lengths > 0)
        return "Content-Length and Transfer-Encoding don't go together";
    if (seen.encodings > 1 || seen.not_chunked)
        return "the only transfer encoding here is chunked";
    for (size_t i = 0; i < SAID_ONCE; i++)
        if (seen.once[i] > 1)
            return "Authorization, Content-Type, Idempotency-Key and Upload-Offset are said once";
    return NULL;
}
