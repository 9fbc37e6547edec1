/* annotate_xlsx_comments.c: comments of an XLSX sheet: ours put below a person's own, an earlier one of ours taken out. */
#include <stdio.h>
#include <string.h>

#include "sheet/annotate_xlsx.h"
#include "sheet/places.h"

#define COMMENTS_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
#define RELATION_TYPE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
#define SHEET_SPACE   "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

static const struct name bad_comments_words = {
    {"檔案的註解無法讀取，請重新存檔", "the file's comments can't be read; save it again"}};

/* The comments part while it is changed. */
struct comments {
    struct xlsx_sheet *sheet;
    const char *text, *prefix;
    size_t length, author;
    struct xml_edits edits;
    struct marks gone, fresh; /* cells that no longer have a comment, or have one for the first time */
    struct xml_tag authors_tag, list_tag;
    struct xml_range authors, list;
};

/* ---- what is there ----------------------------------------------------------------------------------------------- */

static bool survey(struct comments *comments)
{
    struct xml_scan scan = {comments->text, comments->text + comments->length};
    struct xml_tag root, tag;
    struct xml_range range;

    if (!xml_next(&scan, &root) || root.kind != XML_OPEN)
        return annotation_refuse(comments->sheet->annotation, &bad_comments_words);
    comments->prefix = xml_own_prefix(comments->sheet->annotation->arena, &root);
    while (xml_next_child(&scan, &tag, &range)) {
        if (xml_is(&tag, comments->prefix, "authors")) {
            comments->authors_tag = tag;
            comments->authors = range;
        } else if (xml_is(&tag, comments->prefix, "commentList")) {
            comments->list_tag = tag;
            comments->list = range;
        }
    }
    return (comments->authors.start && comments->list.start) ||
           annotation_refuse(comments->sheet->annotation, &bad_comments_words);
}

static bool comment_cell(const struct xml_tag *tag, size_t *ret_row, size_t *ret_column)
{
    struct xml_attribute ref;

    return xml_find(tag, "", "ref", &ref) && ref_parse(ref.value, ref.value_length, ret_row, ret_column);
}

static bool open_comments(struct comments *comments, struct xlsx_sheet *sheet)
{
    *comments = (struct comments){.sheet = sheet, .edits = {.arena = sheet->annotation->arena}};
    comments->text = part_read(sheet->annotation, sheet->comments_part, &comments->length);
    return comments->text && survey(comments);
}

bool xlsx_find_old_comments(struct xlsx_sheet *sheet)
{
    struct comments comments;
    struct xml_range content, range;
    struct xml_tag tag;
    size_t row, column;

    if (!sheet->comments_part)
        return true;
    if (!open_comments(&comments, sheet))
        return false;
    content = xml_content(&comments.list_tag, comments.list);
    for (struct xml_scan scan = {content.start, content.end}; xml_next_child(&scan, &tag, &range);)
        if (annotation_has_sign(sheet->annotation, range.start, range.end) && comment_cell(&tag, &row, &column) &&
            !marks_add_clean(sheet->annotation, &sheet->marks, row, column))
            return false;
    return true;
}

/* ---- the text of a comment --------------------------------------------------------------------------------------- */

static void append_run(const struct comments *comments, const char *before, const char *text, struct buffer *out)
{
    const char *prefix = comments->prefix;

    buffer_append_format(out, "<%sr><%srPr><%ssz val=\"10\"/></%srPr><%st xml:space=\"preserve\">%s", prefix, prefix,
                         prefix, prefix, prefix, before);
    xml_append_text(out, text);
    buffer_append_format(out, "</%st></%sr>", prefix, prefix);
}

/* The text of a run; of a comment that has no runs, the text itself. Empty if there is none. */
static struct xml_range run_text(const struct comments *comments, const struct xml_tag *tag, struct xml_range run,
                                 struct xml_tag *ret_tag)
{
    struct xml_scan scan = {run.start, run.end};
    struct xml_range text;

    *ret_tag = *tag;
    if (xml_is(tag, comments->prefix, "t"))
        return xml_content(tag, run);
    xml_next(&scan, ret_tag);
    while (xml_next_child(&scan, ret_tag, &text))
        if (xml_is(ret_tag, comments->prefix, "t"))
            return xml_content(ret_tag, text);
    return (struct xml_range){run.end, run.end};
}

/* How much of a comment's text, runs taken together, others wrote. */
static size_t others_length(const struct comments *comments, struct xml_range content)
{
    struct buffer text = BUFFER_WITH_LIMIT(ANNOTATION_LARGEST_PART);
    struct xml_scan scan = {content.start, content.end};
    struct xml_tag tag, text_tag;
    struct xml_range run;
    size_t length;

    while (xml_next_child(&scan, &tag, &run)) {
        struct xml_range words = run_text(comments, &tag, run, &text_tag);

        xml_append_range(&text, words.start, words.end);
    }
    length = text.length;

    const char *sign = length ? memmem(text.data, length, ANNOTATION_SIGN, strlen(ANNOTATION_SIGN)) : NULL;

    if (sign)
        length = (size_t)(annotation_others_end(text.data, sign) - text.data);
    buffer_free(&text);
    return length;
}

/* A run of others, or its beginning, as a run. */
static void append_kept(const struct comments *comments, const struct xml_tag *tag, struct xml_range run, size_t most,
                        struct buffer *out)
{
    struct xml_tag text_tag;
    struct xml_range words = run_text(comments, tag, run, &text_tag);
    bool is_text = xml_is(tag, comments->prefix, "t"), whole = (size_t)(words.end - words.start) <= most;

    if (is_text)
        buffer_append_format(out, "<%sr>", comments->prefix);
    xml_append_range(out, run.start, whole ? run.end : words.start + most);
    if (!whole)
        xml_append_end(out, &text_tag);
    if (!whole && !is_text)
        xml_append_end(out, tag);
    if (is_text)
        buffer_append_format(out, "</%sr>", comments->prefix);
}

/* What others wrote into a comment, as runs. False if they wrote nothing. */
static bool append_others(const struct comments *comments, struct xml_range content, struct buffer *out)
{
    size_t left = others_length(comments, content);
    struct xml_scan scan = {content.start, content.end};
    bool any = left > 0;
    struct xml_tag tag, text_tag;
    struct xml_range run;

    while (left > 0 && xml_next_child(&scan, &tag, &run)) {
        struct xml_range words = run_text(comments, &tag, run, &text_tag);
        size_t length = (size_t)(words.end - words.start);

        if (length == 0)
            continue;
        append_kept(comments, &tag, run, left, out);
        left -= length < left ? length : left;
    }
    return any;
}

/* ---- comments ---------------------------------------------------------------------------------------------------- */

static const struct mark *find_mark(const struct marks *marks, size_t row, size_t column)
{
    size_t low = 0, high = marks->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct mark *mark = &marks->items[middle];

        if (mark->row == row && mark->column == column)
            return mark;
        if (mark->row < row || (mark->row == row && mark->column < column))
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Where the text of a comment stands. */
static bool find_text(const struct comments *comments, const struct xml_tag *tag, struct xml_range comment,
                      struct xml_tag *ret_tag, struct xml_range *ret_range)
{
    struct xml_range content = xml_content(tag, comment);
    struct xml_scan scan = {content.start, content.end};

    while (xml_next_child(&scan, ret_tag, ret_range))
        if (xml_is(ret_tag, comments->prefix, "text"))
            return true;
    return false;
}

/* A comment that is there, at a marked cell. */
static void change_comment(struct comments *comments, const struct xml_tag *tag, struct xml_range comment,
                           const struct mark *mark)
{
    struct buffer text = BUFFER_WITH_LIMIT(ANNOTATION_LARGEST_PART);
    struct xml_tag text_tag;
    struct xml_range range;

    if (!find_text(comments, tag, comment, &text_tag, &range))
        return;
    xml_append_tag(&text, &text_tag, NULL, 0, XML_OPEN);

    bool others = append_others(comments, xml_content(&text_tag, range), &text);

    if (mark->text)
        append_run(comments, others ? "\n" ANNOTATION_LINE "\n" : "", mark->text, &text);
    xml_append_end(&text, &text_tag);
    if (others || mark->text) {
        xml_replace(&comments->edits, range, &text);
    } else {
        text.length = 0;
        xml_replace(&comments->edits, comment, &text);
        marks_add_clean(comments->sheet->annotation, &comments->gone, mark->row, mark->column);
    }
    buffer_free(&text);
}

/* Our place among the authors; added if it isn't there. */
static void find_author(struct comments *comments)
{
    struct xml_range content = xml_content(&comments->authors_tag, comments->authors), item;
    struct xml_scan scan = {content.start, content.end};
    struct buffer added = BUFFER_WITH_LIMIT(1024);
    const struct xml_tag *tag = &comments->authors_tag;
    struct xml_tag child;

    for (comments->author = 0; xml_next_child(&scan, &child, &item); comments->author++)
        if (memmem(item.start, (size_t)(item.end - item.start), ANNOTATION_AUTHOR, strlen(ANNOTATION_AUTHOR)))
            return;
    if (tag->kind != XML_OPEN)
        xml_append_tag(&added, tag, NULL, 0, XML_OPEN);
    buffer_append_format(&added, "<%sauthor>" ANNOTATION_AUTHOR "</%sauthor>", comments->prefix, comments->prefix);
    if (tag->kind != XML_OPEN)
        xml_append_end(&added, tag);
    xml_replace(&comments->edits,
                tag->kind == XML_OPEN ? (struct xml_range){content.end, content.end} : comments->authors, &added);
    buffer_free(&added);
}

/* Comments for marked cells that have none yet. */
static void append_fresh(struct comments *comments, const bool *seen, struct buffer *out)
{
    const struct marks *marks = &comments->sheet->marks;
    struct arena *arena = comments->sheet->annotation->arena;

    for (size_t i = 0; i < marks->count; i++) {
        const struct mark *mark = &marks->items[i];
        const char *letters = column_letters(arena, mark->column);

        if (seen[i] || !mark->text)
            continue;
        buffer_append_format(out, "<%scomment ref=\"%s%zu\" authorId=\"%zu\"><%stext>", comments->prefix,
                             letters ? letters : "", mark->row, comments->author, comments->prefix);
        append_run(comments, "", mark->text, out);
        buffer_append_format(out, "</%stext></%scomment>", comments->prefix, comments->prefix);
        marks_add(comments->sheet->annotation, &comments->fresh, *mark);
    }
}

static void change_list(struct comments *comments, bool *seen)
{
    const struct marks *marks = &comments->sheet->marks;
    struct xml_range content = xml_content(&comments->list_tag, comments->list), range;
    struct xml_scan scan = {content.start, content.end};
    struct buffer fresh = BUFFER_WITH_LIMIT(2 * (size_t)ANNOTATION_LARGEST_PART);
    const struct xml_tag *list = &comments->list_tag;
    struct xml_tag tag;
    size_t row, column;

    while (xml_next_child(&scan, &tag, &range)) {
        const struct mark *mark = comment_cell(&tag, &row, &column) ? find_mark(marks, row, column) : NULL;

        if (!mark || seen[mark - marks->items])
            continue;
        seen[mark - marks->items] = true;
        change_comment(comments, &tag, range, mark);
    }
    if (list->kind != XML_OPEN)
        xml_append_tag(&fresh, list, NULL, 0, XML_OPEN);
    append_fresh(comments, seen, &fresh);
    if (list->kind != XML_OPEN)
        xml_append_end(&fresh, list);
    xml_replace(&comments->edits,
                list->kind == XML_OPEN ? (struct xml_range){content.end, content.end} : comments->list, &fresh);
    buffer_free(&fresh);
}

/* An empty comments part for a sheet that has none. */
static bool make_part(struct xlsx_sheet *sheet)
{
    struct annotation *annotation = sheet->annotation;
    struct buffer text = BUFFER_WITH_LIMIT(1024);

    sheet->comments_part = xlsx_free_name(annotation, "xl/comments", ".xml");
    buffer_append_text(&text, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<comments "
                              "xmlns=\"" SHEET_SPACE "\"><authors></authors><commentList></commentList></comments>");
    if (!sheet->comments_part) {
        buffer_free(&text);
        return annotation_run_out(annotation);
    }
    return part_write(annotation, sheet->comments_part, &text, true) &&
           xlsx_declare_part(annotation, sheet->comments_part, COMMENTS_TYPE) &&
           xlsx_relate(annotation, sheet->part, "tributaryComments", RELATION_TYPE, sheet->comments_part);
}

bool xlsx_write_comments(struct xlsx_sheet *sheet)
{
    struct annotation *annotation = sheet->annotation;
    bool *seen = arena_alloc_array(annotation->arena, sheet->marks.count + 1, sizeof *seen);
    struct buffer text = BUFFER_WITH_LIMIT(2 * (size_t)ANNOTATION_LARGEST_PART);
    struct comments comments;

    if (!seen)
        return annotation_run_out(annotation);
    if ((!sheet->comments_part && !make_part(sheet)) || !open_comments(&comments, sheet))
        return false;
    find_author(&comments);
    change_list(&comments, seen);
    if (!xml_apply(&comments.edits, comments.text, comments.length, &text)) {
        buffer_free(&text);
        return annotation_run_out(annotation);
    }
    return part_write(annotation, sheet->comments_part, &text, true) &&
           xlsx_write_drawing(sheet, &comments.gone, sheet->drawing_part ? &comments.fresh : &sheet->marks);
}
