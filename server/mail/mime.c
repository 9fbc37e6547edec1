/* mime.c: writing RFC 5322 by hand, as it is little. */
#include "mail/mime.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINE_LIMIT = 78,
    ENCODED_LINE_LIMIT = 76,
    WORD_FRAME = 12, /* =?UTF-8?B? and ?= */
    LONGEST_PIECE = 45,
    ADDRESS_LIMIT = 254,
    LOCAL_LIMIT = 64
};

/* How many bytes the character at `text` has; 0 if they are no UTF-8 (overlong forms, surrogates and what lies beyond
 * Unicode included). */
static size_t character_length(const unsigned char *text)
{
    static const struct {
        unsigned char first, last, low, high;
        size_t length;
    } forms[] = {{0x01, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
                 {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
                 {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4}};

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (text[0] < forms[i].first || text[0] > forms[i].last)
            continue;
        if (forms[i].length > 1 && (text[1] < forms[i].low || text[1] > forms[i].high))
            return 0;
        for (size_t k = 2; k < forms[i].length; k++)
            if ((text[k] & 0xc0) != 0x80)
                return 0;
        return forms[i].length;
    }
    return 0;
}

/* U+0080 to U+009F, and U+2028 and U+2029, which some programs take for the end of a line. */
static bool is_wide_control(const unsigned char *text, size_t length)
{
    return (length == 2 && text[0] == 0xc2 && text[1] < 0xa0) ||
           (length == 3 && memcmp(text, "\xe2\x80", 2) == 0 && (text[2] == 0xa8 || text[2] == 0xa9));
}

/* The text as it may stand in a header, not yet encoded. */
static void clean(const char *text, struct buffer *out)
{
    const unsigned char *at = (const unsigned char *)text;

    while (*at) {
        size_t length = character_length(at);

        if (length == 0)
            buffer_append_text(out, "\xef\xbf\xbd");
        else if (*at < 0x20 || *at == 0x7f || is_wide_control(at, length))
            buffer_append_char(out, ' ');
        else
            buffer_append(out, at, length);
        at += length ? length : 1;
    }
}

/* Whether a cleaned text can stand as it is: ASCII, nothing that reads as an encoded word, no word too long for a line. */
static bool is_plain(const char *text)
{
    size_t word = 0;

    if (strstr(text, "=?") || *text == ' ')
        return false;
    for (; *text; text++) {
        word = *text == ' ' ? 0 : word + 1;
        if ((unsigned char)*text >= 0x80 || word > ENCODED_LINE_LIMIT - 1 ||
            (*text == ' ' && (text[1] == ' ' || !text[1])))
            return false;
    }
    return true;
}

/* Appends words with a fold where the next one would pass the limit; `column` is where the line stands. */
static size_t append_plain(struct buffer *out, const char *text, size_t column)
{
    while (*text) {
        size_t length = strcspn(text, " ");

        if (column + 1 + length > LINE_LIMIT) {
            buffer_append_text(out, "\r\n");
            column = 0;
        }
        buffer_append_char(out, ' ');
        buffer_append(out, text, length);
        column += 1 + length;
        text += length + (text[length] == ' ');
    }
    return column;
}

/* How many whole characters of a cleaned text fit into so many bytes. */
static size_t piece_length(const char *text, size_t most)
{
    size_t length = 0;

    while (text[length]) {
        size_t next = character_length((const unsigned char *)text + length);

        if (length + next > most)
            break;
        length += next;
    }
    return length;
}

/* Appends a cleaned text as encoded words, one a line. */
static size_t append_encoded(struct buffer *out, const char *text, size_t column)
{
    char encoded[sodium_base64_ENCODED_LEN(LONGEST_PIECE, sodium_base64_VARIANT_ORIGINAL)];

    while (*text) {
        size_t room = column + 1 + WORD_FRAME < ENCODED_LINE_LIMIT ? ENCODED_LINE_LIMIT - column - 1 - WORD_FRAME : 0;
        size_t most = room / 4 * 3 < LONGEST_PIECE ? room / 4 * 3 : LONGEST_PIECE;
        size_t length = piece_length(text, most);

        if (length == 0) {
            buffer_append_text(out, "\r\n");
            column = 0;
            continue;
        }
        sodium_bin2base64(encoded, sizeof encoded, (const unsigned char *)text, length, sodium_base64_VARIANT_ORIGINAL);
        buffer_append_format(out, " =?UTF-8?B?%s?=", encoded);
        column += 1 + WORD_FRAME + strlen(encoded);
        text += length;
    }
    return column;
}

/* Appends the value, after a space; where the line stands then. */
static size_t append_value(struct buffer *out, const char *text, size_t column)
{
    struct buffer cleaned = BUFFER_WITH_LIMIT(out->limit);

    clean(text, &cleaned);
    if (cleaned.failed)
        buffer_fail(out);
    else if (cleaned.data)
        column = is_plain(cleaned.data) ? append_plain(out, cleaned.data, column)
                                        : append_encoded(out, cleaned.data, column);
    buffer_free(&cleaned);
    return column;
}

void mime_header(struct buffer *out, const char *name, const char *text)
{
    buffer_append_format(out, "%s:", name);
    append_value(out, text, strlen(name) + 1);
    buffer_append_text(out, "\r\n");
}

/* Whether a display name needs no quoting: atoms (RFC 5322 3.2.3). Others are encoded, which quotes them too. */
static bool is_phrase(const char *text)
{
    for (; *text; text++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~ ", *text))
            return false;
    return true;
}

static size_t append_phrase(struct buffer *out, const char *text, size_t column)
{
    struct buffer cleaned = BUFFER_WITH_LIMIT(out->limit);

    clean(text, &cleaned);
    if (cleaned.failed)
        buffer_fail(out);
    else if (cleaned.data)
        column = is_phrase(cleaned.data) && is_plain(cleaned.data) ? append_plain(out, cleaned.data, column)
                                                                   : append_encoded(out, cleaned.data, column);
    buffer_free(&cleaned);
    return column;
}

void mime_mailbox_header(struct buffer *out, const char *name, const char *display, const char *address)
{
    size_t column = strlen(name) + 1;

    buffer_append_format(out, "%s:", name);
    if (display && *display)
        column = append_phrase(out, display, column);
    if (column + 3 + strlen(address) > LINE_LIMIT)
        buffer_append_text(out, "\r\n");
    buffer_append_format(out, " <%s>\r\n", address);
}

void mime_token_header(struct buffer *out, const char *name, const char *value)
{
    for (const char *c = value; *c; c++)
        if (*c <= ' ' || *c > '~')
            buffer_fail(out);
    buffer_append_format(out, strlen(name) + 2 + strlen(value) > LINE_LIMIT ? "%s:\r\n %s\r\n" : "%s: %s\r\n", name,
                         value);
}

void mime_date(timestamp moment, int utc_offset, char ret_text[static MIME_DATE_SIZE])
{
    static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"}; /* from 1970-01-01 on */
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t seconds = moment / 1000000 + utc_offset, day = seconds / 86400, rest = seconds % 86400;
    struct date date = date_from_days(day);
    int ahead = abs(utc_offset) / 60;

    snprintf(ret_text, MIME_DATE_SIZE, "%s, %d %s %d %02d:%02d:%02d %c%02d%02d", days[day % 7], date.day,
             months[date.month - 1], date.year, (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60),
             utc_offset < 0 ? '-' : '+', ahead / 60, ahead % 60);
}

/* The text with line ends as mail has them. */
static void with_line_ends(const char *text, struct buffer *out)
{
    for (; *text; text++) {
        if (*text == '\r')
            continue;
        if (*text == '\n')
            buffer_append_char(out, '\r');
        buffer_append_char(out, *text);
    }
}

void mime_text_body(struct buffer *out, const char *language, const char *text)
{
    enum { BYTES_A_LINE = 57 };
    char line[sodium_base64_ENCODED_LEN(BYTES_A_LINE, sodium_base64_VARIANT_ORIGINAL)];
    struct buffer body = BUFFER_WITH_LIMIT(out->limit);

    buffer_append_format(out,
                         "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
                         "Content-Transfer-Encoding: base64\r\nContent-Language: %s\r\n\r\n",
                         language);
    with_line_ends(text, &body);
    if (body.failed)
        buffer_fail(out);
    for (size_t at = 0; at < body.length; at += BYTES_A_LINE) {
        size_t length = body.length - at < BYTES_A_LINE ? body.length - at : BYTES_A_LINE;

        sodium_bin2base64(line, sizeof line, (const unsigned char *)body.data + at, length,
                          sodium_base64_VARIANT_ORIGINAL);
        buffer_append_format(out, "%s\r\n", line);
    }
    buffer_free(&body);
}

/* Runs of the characters with single dots between them. */
static bool is_dotted(const char *text, size_t length, const char *characters)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] == '.' ? i == 0 || i + 1 == length || text[i - 1] == '.' : !strchr(characters, text[i]))
            return false;
    return length > 0;
}

bool mime_is_address(const char *address)
{
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    const char *at = strrchr(address, '@');
    size_t local = at ? (size_t)(at - address) : 0;

    return at && strlen(address) <= ADDRESS_LIMIT && local <= LOCAL_LIMIT &&
           is_dotted(address, local, LETTERS "!#$%&'*+-/=?^_`{|}~") && is_dotted(at + 1, strlen(at + 1), LETTERS "-") &&
           at[1] != '-' && at[strlen(at) - 1] != '-';
#undef LETTERS
}

/* Whether a text can be shown before an address: no line ends, no other address. */
static bool is_display(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < ' ' || strchr("<>@", text[i]))
            return false;
    return true;
}

static bool copy(const char *text, size_t length, char *ret_text, size_t size)
{
    if (length >= size)
        return false;
    memcpy(ret_text, text, length);
    ret_text[length] = '\0';
    return true;
}

bool mime_read_mailbox(const char *text, char *ret_display, size_t display_size, char *ret_address, size_t address_size)
{
    const char *open = strrchr(text, '<');
    size_t length = open ? (size_t)(open - text) : 0;
    const char *address = open ? open + 1 : text;
    size_t address_length = strlen(address);

    if (open && (address_length == 0 || address[--address_length] != '>'))
        return false;
    while (length > 0 && text[length - 1] == ' ')
        length--;
    if (length > 1 && text[0] == '"' && text[length - 1] == '"') {
        text++;
        length -= 2;
    }
    return is_display(text, length) && copy(text, length, ret_display, display_size) &&
           copy(address, address_length, ret_address, address_size) && mime_is_address(ret_address);
}
