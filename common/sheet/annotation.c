/* annotation.c: findings gathered by cell, and the words that stand there. */
#include "sheet/annotation.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sheet/xml_text.h"

enum { MOST_GATHER_STEPS = 20 * 1000 * 1000 };

static const char *const severity_words[][2] = {
    [SEVERITY_ERROR] = {"錯誤", "Error"},
    [SEVERITY_EXPLAIN] = {"待說明", "To be explained"},
    [SEVERITY_WARNING] = {"提醒", "Warning"},
};
static const char *const colours[] = {
    [SEVERITY_ERROR] = "FFC7CE", [SEVERITY_EXPLAIN] = "FFD9A8", [SEVERITY_WARNING] = "FFE566"};

bool annotation_refuse(struct annotation *annotation, const struct name *words)
{
    if (!annotation->failed)
        annotation->refusal = words;
    annotation->failed = true;
    return false;
}

bool annotation_run_out(struct annotation *annotation)
{
    return annotation_refuse(annotation, NULL);
}

const char *severity_colour(enum severity severity)
{
    return colours[severity];
}

bool is_severity_colour(const char *colour, size_t length)
{
    for (size_t i = 0; length == 6 && i < sizeof colours / sizeof *colours; i++)
        if (strncasecmp(colours[i], colour, 6) == 0)
            return true;
    return false;
}

bool ref_parse(const char *text, size_t length, size_t *ret_row, size_t *ret_column)
{
    size_t i = 0, row = 0, column = 0;

    for (; i < length && text[i] >= 'A' && text[i] <= 'Z' && column <= MOST_SHEET_COLUMNS; i++)
        column = column * 26 + (size_t)(text[i] - 'A') + 1;
    size_t letters = i;

    for (; i < length && text[i] >= '0' && text[i] <= '9' && row <= MOST_SHEET_ROWS; i++)
        row = row * 10 + (size_t)(text[i] - '0');
    if (letters == 0 || i < length || row == 0 || row > MOST_SHEET_ROWS || column > MOST_SHEET_COLUMNS)
        return false;
    *ret_row = row;
    *ret_column = column - 1;
    return true;
}

/* ---- which remark belongs to which cell -------------------------------------------------------------------------- */

static int compare_remarks(const void *a, const void *b)
{
    const struct remark *x = a, *y = b;
    const size_t pairs[][2] = {
        {x->sheet_index, y->sheet_index}, {x->row, y->row}, {x->column, y->column}, {x->number, y->number}};

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i][0] != pairs[i][1])
            return pairs[i][0] < pairs[i][1] ? -1 : 1;
    return 0;
}

static void sort_remarks(struct remark *remarks, size_t count)
{
    if (count)
        qsort(remarks, count, sizeof *remarks, compare_remarks);
}

static size_t find_sheet(const char *const *sheets, size_t count, const char *name)
{
    size_t i = 0;

    while (i < count && name && (!sheets[i] || strcmp(sheets[i], name) != 0))
        i++;
    return i;
}

void remarks_assign(struct annotation *annotation, const char *const *sheets, size_t count)
{
    for (size_t i = 0; i < annotation->remark_count; i++) {
        struct remark *remark = &annotation->remarks[i];

        remark->sheet_index = find_sheet(sheets, count, remark->sheet);
        if (remark->sheet_index == count || !remark->ref ||
            !ref_parse(remark->ref, strlen(remark->ref), &remark->row, &remark->column)) {
            remark->row = remark->column = 0;
            remark->sheet_index = 0;
        }
    }
    sort_remarks(annotation->remarks, annotation->remark_count);
}

struct remark *remarks_of_sheet(struct annotation *annotation, size_t sheet, size_t *ret_count)
{
    size_t first = 0, last;

    while (first < annotation->remark_count && annotation->remarks[first].sheet_index < sheet)
        first++;
    for (last = first; last < annotation->remark_count && annotation->remarks[last].sheet_index == sheet;)
        last++;
    *ret_count = last - first;
    return annotation->remarks + first;
}

/* The first remark in that row or below. */
static size_t first_from_row(const struct remark *remarks, size_t count, size_t row)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (remarks[middle].row < row)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void remarks_hide(struct annotation *annotation, struct remark *remarks, size_t count, const struct cell_area *area)
{
    for (size_t i = first_from_row(remarks, count, area->row);
         i < count && remarks[i].row - area->row < area->rows && annotation->gather_steps++ < MOST_GATHER_STEPS; i++)
        if (remarks[i].column - area->column < area->columns)
            remarks[i].hidden = true;
}

void remarks_settle(struct remark *remarks, size_t count, size_t row, size_t column)
{
    for (size_t i = 0; i < count; i++) {
        if (remarks[i].row > 0 && !remarks[i].hidden)
            continue;
        remarks[i].row = row;
        remarks[i].column = column;
    }
    sort_remarks(remarks, count);
}

void remarks_gather(struct annotation *annotation, struct remark *remarks, size_t count, const struct cell_area *area)
{
    bool moved = false;

    for (size_t i = first_from_row(remarks, count, area->row);
         i < count && remarks[i].row - area->row < area->rows && annotation->gather_steps++ < MOST_GATHER_STEPS; i++) {
        struct remark *remark = &remarks[i];

        if (remark->column < area->column || remark->column - area->column >= area->columns ||
            (remark->row == area->row && remark->column == area->column))
            continue;
        remark->row = area->row;
        remark->column = area->column;
        moved = true;
    }
    if (moved)
        sort_remarks(remarks, count);
}

/* ---- words ------------------------------------------------------------------------------------------------------- */

/* What was expected and found, where the message doesn't name it itself. */
static void append_figures(struct annotation *annotation, struct buffer *text, const struct finding *finding,
                           const char *message)
{
    static const char *const forms[][2] = {{"（應為 %s）", " (expected %s)"}, {"（填的是 %s）", " (found %s)"}};
    const char *figures[] = {finding->expected, finding->found};

    finding_untold(annotation->arena, message, annotation->language, &figures[0], &figures[1]);
    for (size_t i = 0; i < 2; i++)
        if (figures[i])
            buffer_append_format(text, forms[i][annotation->language], figures[i]);
}

static void append_remark(struct annotation *annotation, struct buffer *text, const struct remark *remark)
{
    const struct finding *finding = remark->finding;
    enum language language = annotation->language;
    const char *message = finding_message(annotation->arena, finding, language);

    if (!message) {
        annotation_run_out(annotation);
        return;
    }
    if (remark->hidden)
        buffer_append_format(text, language == LANGUAGE_ZH ? "（隱藏的 %s 格）" : "(hidden cell %s) ", remark->ref);
    buffer_append_format(text, "%s%s%s", severity_words[finding->severity][language],
                         language == LANGUAGE_ZH ? "：" : ": ", message);
    append_figures(annotation, text, finding, message);
}

/* Ends the text where a comment may no longer grow, never inside a character. */
static void append_rest(struct buffer *text, size_t rest, enum language language)
{
    size_t length = ANNOTATION_LARGEST_TEXT;

    if (text->length > length) {
        while (length > 0 && ((unsigned char)text->data[length] & 0xc0) == 0x80)
            length--;
        text->length = length;
        buffer_append_text(text, "…");
    }
    if (rest > 0)
        buffer_append_format(text, language == LANGUAGE_ZH ? "\n（另有 %zu 項）" : "\n(and %zu more)", rest);
}

const char *remarks_text(struct annotation *annotation, const struct remark *remarks, size_t count, bool heading)
{
    struct buffer text = BUFFER_WITH_LIMIT(ANNOTATION_LARGEST_TEXT * 16);
    const char *copy = NULL;
    size_t i = 0;

    if (heading)
        buffer_append_text(&text, annotation->language == LANGUAGE_ZH ? ANNOTATION_SIGN "檢核結果"
                                                                      : ANNOTATION_SIGN "Check result");
    for (; i < count && text.length < ANNOTATION_LARGEST_TEXT && !text.failed; i++) {
        if (text.length > 0)
            buffer_append_char(&text, '\n');
        if (count > 1)
            buffer_append_format(&text, "%zu. ", i + 1);
        append_remark(annotation, &text, &remarks[i]);
    }
    append_rest(&text, count - i, annotation->language);
    if (!text.failed && text.data)
        copy = arena_copy(annotation->arena, text.data, text.length);
    buffer_free(&text);
    if (!copy)
        annotation_run_out(annotation);
    return copy;
}

bool annotation_has_sign(struct annotation *annotation, const char *start, const char *end)
{
    size_t length;
    const char *text = xml_plain(annotation->arena, (struct xml_range){start, end}, &length);

    return text && memmem(text, length, ANNOTATION_SIGN, strlen(ANNOTATION_SIGN));
}

const char *annotation_others_end(const char *start, const char *sign)
{
    static const char dash[] = "─"; /* what ANNOTATION_LINE is made of */
    size_t length = sizeof dash - 1;

    for (;;) {
        if (sign > start && strchr(" \r\n", sign[-1]))
            sign--;
        else if ((size_t)(sign - start) >= length && memcmp(sign - length, dash, length) == 0)
            sign -= length;
        else
            return sign;
    }
}

/* ---- marks ------------------------------------------------------------------------------------------------------- */

bool marks_add(struct annotation *annotation, struct marks *marks, struct mark mark)
{
    if (marks->count == marks->capacity) {
        size_t capacity = marks->capacity ? marks->capacity * 2 : 16;
        struct mark *items = arena_alloc_array(annotation->arena, capacity, sizeof *items);

        if (!items)
            return annotation_run_out(annotation);
        if (marks->count)
            memcpy(items, marks->items, marks->count * sizeof *items);
        marks->items = items;
        marks->capacity = capacity;
    }
    marks->items[marks->count++] = mark;
    return true;
}

bool marks_make(struct annotation *annotation, struct remark *remarks, size_t count, struct marks *ret_marks)
{
    *ret_marks = (struct marks){0};
    for (size_t i = 0, next; i < count; i = next) {
        struct mark mark = {.row = remarks[i].row, .column = remarks[i].column, .severity = remarks[i].severity};

        for (next = i; next < count && remarks[next].row == mark.row && remarks[next].column == mark.column; next++)
            if (remarks[next].severity < mark.severity)
                mark.severity = remarks[next].severity;
        mark.text = remarks_text(annotation, remarks + i, next - i, true);
        if (!mark.text || !marks_add(annotation, ret_marks, mark))
            return false;
    }
    annotation->cell_count += ret_marks->count;
    return true;
}

/* A mark with words before one without. */
static int compare_marks(const void *a, const void *b)
{
    const struct mark *x = a, *y = b;

    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    if (x->column != y->column)
        return x->column < y->column ? -1 : 1;
    return (x->text == NULL) - (y->text == NULL);
}

void marks_sort(struct marks *marks)
{
    size_t kept = 0;

    if (marks->count)
        qsort(marks->items, marks->count, sizeof *marks->items, compare_marks);
    for (size_t i = 0; i < marks->count; i++) {
        const struct mark *last = kept ? &marks->items[kept - 1] : NULL;

        if (!last || last->row != marks->items[i].row || last->column != marks->items[i].column)
            marks->items[kept++] = marks->items[i];
    }
    marks->count = kept;
}

bool marks_add_clean(struct annotation *annotation, struct marks *marks, size_t row, size_t column)
{
    return marks_add(annotation, marks, (struct mark){.row = row, .column = column});
}
