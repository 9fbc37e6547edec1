/* client.c: speaking to the person. */
#include "client.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/period.h"
#include "width.h"

enum { OUTPUT_LIMIT = 64 * 1024 * 1024, MICROSECONDS = 1000000 };

enum exit_status exit_worse(enum exit_status a, enum exit_status b)
{
    return a > b ? a : b;
}

const char *client_option(const struct client *client, const char *name)
{
    return arguments_value(&client->arguments, name);
}

static void write_line(struct client *client, FILE *out, const char *text)
{
    const char *harmless = text_printable(client->arena, text);

    fprintf(out, "%s\n", harmless ? harmless : "");
}

void client_say_text(struct client *client, const char *text)
{
    fflush(stdout);
    write_line(client, stderr, text);
}

void client_print_text(struct client *client, const char *text)
{
    write_line(client, stdout, text);
}

void client_print_prose(struct client *client, const char *text)
{
    size_t screen = screen_columns(STDOUT_FILENO);

    while (screen > 0 && text_width(text) > screen) {
        size_t length = text_break(text, screen);

        printf("%.*s\n", (int)length, text);
        text += length;
    }
    client_print_text(client, text);
}

void client_show(struct client *client, const struct listing *listing)
{
    struct buffer out = BUFFER_WITH_LIMIT(OUTPUT_LIMIT);

    if (listing_write(listing, screen_columns(STDOUT_FILENO), &out) && out.data)
        fputs(out.data, stdout);
    else
        client_say(client, out_of_memory);
    buffer_free(&out);
}

void client_print_json(const json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);

    if (text)
        puts(text);
    free(text);
}

const char *client_number(struct client *client, long long number)
{
    const char *text = arena_format(client->arena, "%lld", number);

    return text ? text : "";
}

const char *client_grouped(struct client *client, const char *digits)
{
    size_t sign = digits[0] == '-', whole = strspn(digits + sign, "0123456789"), used = 0;
    char *text = arena_alloc(client->arena, strlen(digits) * 2 + 1);

    if (!text)
        return digits;
    for (size_t i = 0; digits[i]; i++) {
        size_t place = i - sign;

        if (i > sign && place < whole && (whole - place) % 3 == 0)
            text[used++] = ',';
        text[used++] = digits[i];
    }
    return text;
}

static bool read_local(const char *text, struct tm *ret_local)
{
    timestamp moment;
    time_t seconds;

    if (!text || !timestamp_parse(text, &moment))
        return false;
    seconds = (time_t)(moment / MICROSECONDS);
    return localtime_r(&seconds, ret_local) != NULL;
}

/* To the minute. NULL without memory. */
static const char *minute_text(struct client *client, const struct tm *local)
{
    bool roc = client->language == LANGUAGE_ZH && local->tm_year + 1900 > ROC_EPOCH;
    int year = local->tm_year + 1900 - (roc ? ROC_EPOCH : 0);

    return arena_format(client->arena, roc ? "%d年%d月%d日 %02d:%02d" : "%04d-%02d-%02d %02d:%02d", year,
                        local->tm_mon + 1, local->tm_mday, local->tm_hour, local->tm_min);
}

const char *client_moment(struct client *client, const char *text)
{
    enum { MINUTE = 60, HOUR = 60 * MINUTE, OF_TAIPEI = 8 * HOUR };
    const char *shown;
    struct tm local;
    int offset;

    if (!read_local(text, &local))
        return text ? text : "";
    shown = minute_text(client, &local);
    offset = (int)local.tm_gmtoff;
    if (shown && offset == 0)
        shown = arena_format(client->arena, "%s UTC", shown);
    else if (shown && offset != OF_TAIPEI)
        shown = arena_format(client->arena, "%s UTC%+d:%02d", shown, offset / HOUR, abs(offset) % HOUR / MINUTE);
    return shown ? shown : text;
}

const char *client_exact_moment(struct client *client, const char *text)
{
    char rest[32];
    struct tm local;

    if (!read_local(text, &local) || strftime(rest, sizeof rest, ":%S %z", &local) == 0)
        return text ? text : "";

    const char *minute = minute_text(client, &local),
               *shown = minute ? arena_format(client->arena, "%s%s", minute, rest) : NULL;

    return shown ? shown : text;
}

const char *client_date(struct client *client, const char *text)
{
    struct date date;
    const char *shown = text;

    if (text && client->language == LANGUAGE_ZH && date_parse_iso(text, &date) && date.year > ROC_EPOCH)
        shown = arena_format(client->arena, "%d年%d月%d日", date.year - ROC_EPOCH, date.month, date.day);
    return shown ? shown : "";
}

enum exit_status client_usage(struct client *client, const char *what)
{
    client_say_text(client, what);
    client_say(client, see_help);
    return EXIT_USAGE;
}

enum exit_status client_machine_fault(struct client *client, const char *what, int error)
{
    static const struct {
        int error;
        enum message words;
    } known[] = {{ENOENT, MESSAGE_no_such_file}, {EACCES, MESSAGE_not_permitted},   {EPERM, MESSAGE_not_permitted},
                 {EISDIR, MESSAGE_is_a_folder},  {ENOTDIR, MESSAGE_no_such_folder}, {ENOSPC, MESSAGE_disk_is_full},
                 {EROFS, MESSAGE_not_writable},  {EEXIST, MESSAGE_exists_already},  {ENOMEM, MESSAGE_out_of_memory},
                 {EIO, MESSAGE_device_failed}};
    char words[128];
    const char *text = NULL;

    /* The system's own words are in the system's language. */
    for (size_t i = 0; i < sizeof known / sizeof *known && !text; i++)
        if (known[i].error == error)
            text = message_text(known[i].words, client->language);
    client_say(client, machine_fault, what, text ? text : strerror_r(error, words, sizeof words));
    return EXIT_USAGE;
}

size_t screen_columns(int descriptor)
{
    const char *given = getenv("COLUMNS");
    unsigned long columns = given ? strtoul(given, NULL, 10) : 0;
    struct winsize size;

    if (columns > 0 && columns < UINT16_MAX)
        return columns;
    return isatty(descriptor) && ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}
