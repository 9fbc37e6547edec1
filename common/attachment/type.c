/* type.c: the first bytes say what a file claims to be; its frame must bear that out. */
#include "attachment/type.h"

#include <stdlib.h>
#include <string.h>

#include "attachment/package.h"

enum { TAIL = 64 * 1024, PDF_TAIL = 1024, MOST_SEGMENTS = 4096, MOST_PIXELS = 1000000 };

enum type_index { TYPE_PDF, TYPE_PNG, TYPE_JPEG, TYPE_ODT, TYPE_ODS, TYPE_ODP, TYPE_DOCX, TYPE_XLSX, TYPE_PPTX };

const struct attachment_type attachment_types[] = {
    [TYPE_PDF] = {"application/pdf", "pdf", NULL},
    [TYPE_PNG] = {"image/png", "png", NULL},
    [TYPE_JPEG] = {"image/jpeg", "jpg", "jpeg"},
    [TYPE_ODT] = {"application/vnd.oasis.opendocument.text", "odt", NULL},
    [TYPE_ODS] = {"application/vnd.oasis.opendocument.spreadsheet", "ods", NULL},
    [TYPE_ODP] = {"application/vnd.oasis.opendocument.presentation", "odp", NULL},
    [TYPE_DOCX] = {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", NULL},
    [TYPE_XLSX] = {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", NULL},
    [TYPE_PPTX] = {"application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx", NULL},
    {NULL, NULL, NULL},
};

const struct attachment_type *attachment_type(const char *media_type)
{
    for (const struct attachment_type *type = attachment_types; type->media_type; type++)
        if (strcmp(type->media_type, media_type) == 0)
            return type;
    return NULL;
}

static bool read_at(const struct byte_source *source, uint64_t at, size_t length, unsigned char *ret_bytes)
{
    return source->read(source->context, at, length, ret_bytes);
}

static uint32_t number_big(const unsigned char *bytes, size_t length)
{
    uint32_t number = 0;

    for (size_t i = 0; i < length; i++)
        number = number << 8 | bytes[i];
    return number;
}

static bool are_pixels(uint32_t width, uint32_t height)
{
    return width > 0 && height > 0 && width <= MOST_PIXELS && height <= MOST_PIXELS;
}

/* Whether the last `within` bytes hold `mark`. */
static bool find_in_tail(const struct byte_source *source, size_t within, const char *mark, size_t mark_length,
                         bool *ret_found)
{
    size_t length = source->size < within ? (size_t)source->size : within;
    unsigned char *tail = malloc(length ? length : 1);
    bool good = tail && read_at(source, source->size - length, length, tail);

    *ret_found = good && memmem(tail, length, mark, mark_length);
    free(tail);
    return good;
}

/* "%PDF-1.7" at the very beginning, "%%EOF" near the end (ISO 32000-1, 7.5.2 and 7.5.5). */
static bool judge_pdf(const struct byte_source *source, const unsigned char *head, bool *ret_sound)
{
    bool well_begun = (head[5] == '1' || head[5] == '2') && head[6] == '.' && head[7] >= '0' && head[7] <= '9';

    if (!find_in_tail(source, PDF_TAIL, "%%EOF", 5, ret_sound))
        return false;
    *ret_sound = *ret_sound && well_begun;
    return true;
}

/* The first chunk is IHDR with the picture's size, the last one IEND (PNG, 5.3 and 11.2). */
static bool judge_png(const struct byte_source *source, const unsigned char *head, bool *ret_sound)
{
    static const unsigned char end[12] = {0, 0, 0, 0, 'I', 'E', 'N', 'D', 0xae, 0x42, 0x60, 0x82};
    unsigned char last[sizeof end];

    *ret_sound = source->size >= 33 + sizeof end && memcmp(head + 8, "\0\0\0\x0dIHDR", 8) == 0 &&
                 are_pixels(number_big(head + 16, 4), number_big(head + 20, 4));
    if (*ret_sound && !read_at(source, source->size - sizeof last, sizeof last, last))
        return false;
    *ret_sound = *ret_sound && memcmp(last, end, sizeof end) == 0;
    return true;
}

/* A frame header that gives the picture's size; 0xc4, 0xc8 and 0xcc stand for other things (ITU-T T.81, B.1.1.3). */
static bool is_frame_header(unsigned char marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* Segment by segment up to the picture's data; a frame header with the picture's size must come before. Cameras append
 * things of their own after the end marker, so that one may stand some way before the end. */
static bool judge_jpeg(const struct byte_source *source, bool *ret_sound)
{
    bool sized = false;
    uint64_t at = 2;

    *ret_sound = false;
    for (int i = 0; i < MOST_SEGMENTS && at + 9 <= source->size; i++) {
        unsigned char segment[9];

        if (!read_at(source, at, sizeof segment, segment))
            return false;
        if (segment[0] != 0xff)
            return true;
        if (segment[1] == 0xff) { /* a fill byte */
            at++;
            continue;
        }
        if (is_frame_header(segment[1]))
            sized = are_pixels(number_big(segment + 7, 2), number_big(segment + 5, 2));
        if (segment[1] == 0xda)
            return !sized || find_in_tail(source, TAIL, "\xff\xd9", 2, ret_sound);
        if (number_big(segment + 2, 2) < 2)
            return true;
        at += 2 + number_big(segment + 2, 2);
    }
    return true;
}

/* Which type a package is, or NULL. */
static const struct attachment_type *package_type(const struct package *package)
{
    if (package->kind[0]) {
        const struct attachment_type *type = attachment_type(package->kind);

        return type && type >= &attachment_types[TYPE_ODT] && type <= &attachment_types[TYPE_ODP] ? type : NULL;
    }
    if (!package->has_content_types)
        return NULL;
    return package->has_word     ? &attachment_types[TYPE_DOCX]
           : package->has_sheet  ? &attachment_types[TYPE_XLSX]
           : package->has_slides ? &attachment_types[TYPE_PPTX]
                                 : NULL;
}

static bool judge_package(const struct byte_source *source, enum problem *ret_problem,
                          const struct attachment_type **ret_type)
{
    struct package package;

    if (!package_read(source, ret_problem, &package))
        return false;
    if (*ret_problem != PROBLEM_NONE)
        return true;
    *ret_type = package_type(&package);
    if (!*ret_type)
        *ret_problem = PROBLEM_attachment_type_refused;
    else if (package.encrypted)
        *ret_problem = PROBLEM_attachment_encrypted;
    else if (package.macros)
        *ret_problem = PROBLEM_attachment_macros;
    else if (package.kind[0] && !(package.has_manifest && package.has_content))
        *ret_problem = PROBLEM_attachment_damaged;
    return true;
}

static bool judge_plain(const struct byte_source *source, const unsigned char *head, enum problem *ret_problem,
                        const struct attachment_type **ret_type)
{
    bool sound = false, is_package = false, read;

    if (memcmp(head, "%PDF-", 5) == 0) {
        *ret_type = &attachment_types[TYPE_PDF];
        read = judge_pdf(source, head, &sound);
    } else if (memcmp(head, "\x89PNG\r\n\x1a\n", 8) == 0) {
        *ret_type = &attachment_types[TYPE_PNG];
        read = judge_png(source, head, &sound);
    } else if (memcmp(head, "\xff\xd8\xff", 3) == 0) {
        *ret_type = &attachment_types[TYPE_JPEG];
        read = judge_jpeg(source, &sound);
    } else {
        *ret_problem = PROBLEM_attachment_type_refused;
        return true;
    }
    if (!read || !package_ends(source, &is_package))
        return false;
    *ret_problem = is_package ? PROBLEM_attachment_ambiguous : sound ? PROBLEM_NONE : PROBLEM_attachment_damaged;
    return true;
}

bool attachment_judge(const struct byte_source *source, enum problem *ret_problem,
                      const struct attachment_type **ret_type)
{
    unsigned char head[33] = {0};
    const struct attachment_type *type = NULL;
    bool read;

    if (source->size == 0) {
        *ret_problem = PROBLEM_attachment_empty;
        return true;
    }
    if (!read_at(source, 0, source->size < sizeof head ? (size_t)source->size : sizeof head, head))
        return false;
    if (memcmp(head, "PK\3\4", 4) == 0)
        read = judge_package(source, ret_problem, &type);
    else
        read = judge_plain(source, head, ret_problem, &type);
    if (read && *ret_problem == PROBLEM_NONE)
        *ret_type = type;
    return read;
}
