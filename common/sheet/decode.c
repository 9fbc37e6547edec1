/* decode.c: UTF-8 is checked byte by byte; CP950 goes through iconv(3), one character at a time, because the position
 * of what can't be decoded matters. */
#include "sheet/decode.h"

#include <iconv.h>
#include <string.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static const struct name utf16_words = {
    {"這是 UTF-16 的文字檔，請另存為 UTF-8 的 CSV", "this is UTF-16 text; save it as CSV in UTF-8"}};
static const struct name binary_words = {
    {"這不是文字檔，或編碼不是 UTF-8 也不是 CP950", "this is no text file, or neither UTF-8 nor CP950"}};
static const struct name no_cp950_words = {
    {"此處無法讀取 CP950，請另存為 UTF-8 的 CSV", "CP950 can't be read here; save it as CSV in UTF-8"}};

/* The length of the valid UTF-8 sequence at `p`, 0 if there is none (RFC 3629: no overlong forms, no surrogates). NUL
 * is no text. */
static size_t sequence_length(const unsigned char *p, size_t left)
{
    size_t length = p[0] < 0x80                    ? 1
                    : p[0] >= 0xc2 && p[0] <= 0xdf ? 2
                    : p[0] >= 0xe0 && p[0] <= 0xef ? 3
                    : p[0] >= 0xf0 && p[0] <= 0xf4 ? 4
                                                   : 0;

    if (length == 0 || length > left || p[0] == 0)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf0 && p[1] < 0x90) ||
        (p[0] == 0xf4 && p[1] > 0x8f))
        return 0;
    return length;
}

/* How many bytes at `p` begin a sequence that something cut short. */
static size_t cut_length(const unsigned char *p, size_t left)
{
    size_t wanted = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : p[0] >= 0xc2 ? 2 : 1, length = 1;

    while (length < wanted && length < left && (p[length] & 0xc0) == 0x80)
        length++;
    return length;
}

/* A broken UTF-8 file holds more whole Chinese characters than broken ones; CP950 read as UTF-8 hardly any. */
static bool is_utf8(const char *bytes, size_t length)
{
    size_t whole = 0, broken = 0;

    for (size_t i = 0; i < length;) {
        const unsigned char *p = (const unsigned char *)bytes + i;
        size_t step = sequence_length(p, length - i);

        whole += step >= 3;
        broken += step == 0 && *p != 0;
        i += step ? step : cut_length(p, length - i);
    }
    return broken == 0 || whole > broken;
}

static bool note_bad_byte(struct decoded *decoded, size_t index)
{
    if (decoded->bad_count == MOST_BAD_BYTES) {
        decoded->refusal = &binary_words;
        return false;
    }
    decoded->bad[decoded->bad_count++] = (struct bad_byte){index + 1, decoded->length};
    return true;
}

static void append(struct decoded *decoded, const char *bytes, size_t length)
{
    memcpy(decoded->text + decoded->length, bytes, length);
    decoded->length += length;
}

static void decode_utf8(struct decoded *decoded, const char *bytes, size_t start, size_t length)
{
    for (size_t i = start; i < length;) {
        size_t step = sequence_length((const unsigned char *)bytes + i, length - i);

        if (step)
            append(decoded, bytes + i, step);
        else if (!note_bad_byte(decoded, i))
            return;
        i += step ? step : 1;
    }
}

/* U+E000–U+F8FF mean something only to those who share a font. */
static bool is_private_use(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;

    return p[0] == 0xee || (p[0] == 0xef && p[1] < 0xa4);
}

static bool decode_pair(iconv_t converter, const char *bytes, struct decoded *decoded)
{
    char pair[2] = {bytes[0], bytes[1]}, text[8], *in = pair, *out = text;
    size_t in_left = sizeof pair, out_left = sizeof text;

    if (iconv(converter, &in, &in_left, &out, &out_left) == (size_t)-1 || in_left > 0 || is_private_use(text)) {
        iconv(converter, NULL, NULL, NULL, NULL);
        return false;
    }
    append(decoded, text, (size_t)(out - text));
    return true;
}

static void decode_cp950(struct decoded *decoded, const char *bytes, size_t length)
{
    iconv_t converter = iconv_open("UTF-8", "CP950");

    if (converter == (iconv_t)-1) {
        decoded->refusal = &no_cp950_words;
        return;
    }
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i], next = i + 1 < length ? (unsigned char)bytes[i + 1] : 0;

        if (c > 0 && c < 0x80) {
            append(decoded, bytes + i, 1);
            continue;
        }
        if (c > 0x80 && next && decode_pair(converter, bytes + i, decoded)) {
            i++;
            continue;
        }
        /* a second byte beyond ASCII goes with the first, so that the next character begins where it should */
        if (!note_bad_byte(decoded, i) || (c > 0x80 && next >= 0xa1 && !note_bad_byte(decoded, ++i)))
            break;
    }
    iconv_close(converter);
}

bool decode_text(struct arena *arena, const char *bytes, size_t length, struct decoded *ret_decoded)
{
    size_t mark = length >= 3 && memcmp(bytes, BYTE_ORDER_MARK, 3) == 0 ? 3 : 0;
    struct decoded decoded = {0};

    if (length >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0)) {
        *ret_decoded = (struct decoded){.text = arena_copy(arena, "", 0), .refusal = &utf16_words};
        return ret_decoded->text != NULL;
    }
    bool utf8 = mark > 0 || is_utf8(bytes, length);

    /* a pair of bytes becomes at most three, or four behind U+FFFF */
    decoded.text = arena_alloc(arena, (utf8 ? length : 2 * length) + 1);
    decoded.bad = arena_alloc_array(arena, MOST_BAD_BYTES, sizeof *decoded.bad);
    if (!decoded.text || !decoded.bad)
        return false;
    if (utf8)
        decode_utf8(&decoded, bytes, mark, length);
    else
        decode_cp950(&decoded, bytes, length);
    *ret_decoded = decoded;
    return true;
}
