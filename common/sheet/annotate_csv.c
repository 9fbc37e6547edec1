/* annotate_csv.c: a comment line below each row of a CSV file that has findings. A line of its own, because a column added
 * at the end would need a heading in every block and stands where nobody looks. */
#include <iconv.h>
#include <string.h>

#include "sheet/annotation.h"
#include "sheet/decode.h"

#define COMMENT         "##" ANNOTATION_SIGN
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

enum { MOST_BYTES = 8 * 1024 * 1024, LINE_LIMIT = 256 * 1024 };

static const struct name too_large_words = {{"檔案超過 8 MiB", "the file is larger than 8 MiB"}};

struct csv_file {
    struct annotation *annotation;
    struct buffer *out;
    const char *bytes;
    size_t length, position, row; /* row: number of the record that ends at position */
    const char *line_end;         /* as the file writes it */
    const char *sign;             /* COMMENT in the file's encoding; NULL if it can't be written in it */
    iconv_t converter;            /* to CP950; (iconv_t)-1 for UTF-8 */
};

/* ---- encoding ---------------------------------------------------------------------------------------------------- */

/* Whether the decoded text is the file's own bytes, those left out that can't be decoded. */
static bool is_utf8(const char *bytes, size_t length, const struct decoded *decoded)
{
    size_t bad = 0, at = 0;

    for (size_t i = 0; i < length; i++) {
        if (bad < decoded->bad_count && decoded->bad[bad].number == i + 1)
            bad++;
        else if (at >= decoded->length || decoded->text[at++] != bytes[i])
            return false;
    }
    return true;
}

static bool is_ascii(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)bytes[i] >= 0x80)
            return false;
    return true;
}

/* The text in the file's encoding, in the arena; NULL if it can't be written in it. */
static const char *encode(const struct csv_file *file, const char *text)
{
    size_t left = strlen(text), room = left + 1;
    char *in = arena_text(file->annotation->arena, text), *out = arena_alloc(file->annotation->arena, room), *at = out;

    if (!in || !out)
        return NULL;
    if (file->converter == (iconv_t)-1)
        return in;
    iconv(file->converter, NULL, NULL, NULL, NULL);
    return iconv(file->converter, &in, &left, &at, &room) == (size_t)-1 || left > 0 ? NULL : out;
}

/* ---- lines ------------------------------------------------------------------------------------------------------- */

/* Whether a record of the file is what an earlier annotation left. */
static bool is_comment(const struct csv_file *file, const char *record, size_t length)
{
    size_t sign = file->sign ? strlen(file->sign) : 0;
    bool quoted = length > 0 && *record == '"';

    return sign > 0 && length >= sign + quoted && memcmp(record + quoted, file->sign, sign) == 0;
}

/* Behind the next record, the end of its line included; lines inside quotes are part of it, as grid_read_csv() has it. */
static size_t record_end(const struct csv_file *file)
{
    const char *bytes = file->bytes;
    size_t i = file->position;
    bool begins = true, quoted = false;

    for (; i < file->length; i++) {
        char c = bytes[i];

        if (quoted) {
            if (c == '"' && i + 1 < file->length && bytes[i + 1] == '"')
                i++;
            else
                quoted = c != '"';
        } else if (c == '\r' || c == '\n') {
            return i + (c == '\r' && i + 1 < file->length && bytes[i + 1] == '\n' ? 2 : 1);
        } else {
            quoted = begins && c == '"';
            begins = c == ',';
        }
    }
    return i;
}

static void find_line_end(struct csv_file *file)
{
    const char *end = file->length ? memchr(file->bytes, '\n', file->length) : NULL;

    file->line_end = end && (end == file->bytes || end[-1] != '\r') ? "\n" : "\r\n";
}

/* Codes say it where the words can't be written. */
static const char *codes_text(struct annotation *annotation, const struct remark *remarks, size_t count)
{
    const char *text = "";

    for (size_t i = 0; text && i < count && i < 20; i++)
        text = arena_format(annotation->arena, "%s%s%s", text, i ? "; " : "",
                            finding_entry(remarks[i].finding->code)->code);
    return text;
}

static void append_line(struct csv_file *file, const struct remark *remarks, const char *words)
{
    struct arena *arena = file->annotation->arena;
    const char *ref = remarks->row ? remarks->ref : "";
    char *text = arena_format(arena, "%s%s%s%s", COMMENT, ref, *ref ? " " : "", words ? words : "");
    const char *line = text ? encode(file, text) : NULL;

    if (!line) /* not even our own name: Latin letters remain */
        line = arena_format(arena, "##%s %s", ref, words ? words : "");
    if (!line)
        return;
    if (strpbrk(line, ",\"\r\n")) {
        buffer_append_char(file->out, '"');
        for (; *line; line++)
            buffer_append_format(file->out, *line == '"' ? "\"\"" : "%c", *line);
        buffer_append_char(file->out, '"');
    } else {
        buffer_append_text(file->out, line);
    }
    buffer_append_text(file->out, file->line_end);
}

/* One line for one cell. */
static bool append_comment(struct csv_file *file, const struct remark *remarks, size_t count)
{
    struct annotation *annotation = file->annotation;
    const char *words = remarks_text(annotation, remarks, count, false);
    struct buffer line = BUFFER_WITH_LIMIT(LINE_LIMIT);

    for (const char *c = words; c && *c; c++) {
        if (*c == '\n' || *c == '\r')
            buffer_append_text(&line, annotation->language == LANGUAGE_ZH ? "；" : "; ");
        else
            buffer_append_char(&line, *c);
    }
    words = line.failed || !line.data ? NULL : arena_copy(annotation->arena, line.data, line.length);
    buffer_free(&line);
    if (words && !encode(file, words))
        words = codes_text(annotation, remarks, count);
    if (!words)
        return annotation_run_out(annotation);
    append_line(file, remarks, words);
    annotation->cell_count++;
    return true;
}

/* The lines of all cells of a row. */
static bool append_comments(struct csv_file *file, size_t *next, size_t row)
{
    const struct annotation *annotation = file->annotation;
    const struct remark *remarks = annotation->remarks;

    while (*next < annotation->remark_count && remarks[*next].row <= row) {
        size_t first = *next;

        while (*next < annotation->remark_count && remarks[*next].row == remarks[first].row &&
               remarks[*next].column == remarks[first].column)
            ++*next;
        if (!append_comment(file, remarks + first, *next - first))
            return false;
    }
    return true;
}

static bool ends_line(const struct csv_file *file, size_t end)
{
    return end > 0 && (file->bytes[end - 1] == '\n' || file->bytes[end - 1] == '\r');
}

static bool append_records(struct csv_file *file)
{
    size_t next = 0;

    if (!append_comments(file, &next, 0))
        return false;
    while (file->position < file->length) {
        size_t end = record_end(file), start = file->position;

        file->row++;
        file->position = end;
        if (!is_comment(file, file->bytes + start, end - start))
            buffer_append(file->out, file->bytes + start, end - start);
        if (next < file->annotation->remark_count && file->annotation->remarks[next].row <= file->row &&
            !ends_line(file, end))
            buffer_append_text(file->out, file->line_end);
        if (!append_comments(file, &next, file->row))
            return false;
    }
    return append_comments(file, &next, MOST_SHEET_ROWS);
}

bool annotate_csv(struct annotation *annotation, const char *bytes, size_t length, struct buffer *out)
{
    static const char *const no_sheets[] = {NULL};
    bool marked = length >= 3 && memcmp(bytes, BYTE_ORDER_MARK, 3) == 0;
    struct csv_file file = {.annotation = annotation, .out = out, .converter = (iconv_t)-1};
    struct decoded decoded;

    if (length > MOST_BYTES)
        return annotation_refuse(annotation, &too_large_words);
    if (!decode_text(annotation->arena, bytes, length, &decoded))
        return annotation_run_out(annotation);
    if (decoded.refusal)
        return annotation_refuse(annotation, decoded.refusal);
    file.bytes = bytes + (marked ? 3 : 0);
    file.length = length - (marked ? 3 : 0);
    find_line_end(&file);
    remarks_assign(annotation, no_sheets, 1);
    /* Words beyond ASCII say of which encoding they are; a file of ASCII alone doesn't tell. */
    if (marked || (annotation->remark_count > 0 && is_ascii(bytes, length)))
        buffer_append_text(out, BYTE_ORDER_MARK);
    else if (!is_utf8(bytes, length, &decoded))
        file.converter = iconv_open("CP950", "UTF-8");
    file.sign = encode(&file, COMMENT);

    bool good = append_records(&file) && !out->failed;

    if (file.converter != (iconv_t)-1)
        iconv_close(file.converter);
    return good || annotation_run_out(annotation);
}
