/* ods_validation.c: what may be typed where, as the content.xml of an ODS file says it. */
#include "base/period.h"
#include "sheet/places.h"
#include "sheet/workbook_write.h"

/* [$'代碼'.$A$2:.$A$9] */
static void append_range(struct buffer *out, struct arena *arena, const struct workbook_validation *one)
{
    const char *letters = column_letters(arena, one->source_column);

    buffer_append_text(out, "[$'");
    xml_append(out, one->source_sheet);
    buffer_append_format(out, "'.$%s$%zu:.$%s$%zu]", letters ? letters : "", one->source_first_row + 1,
                         letters ? letters : "", one->source_last_row + 1);
}

static void append_date(struct buffer *out, const char *date)
{
    struct date parsed = {1900, 1, 1};

    date_parse_iso(date, &parsed);
    buffer_append_format(out, "DATE(%d;%d;%d)", parsed.year, parsed.month, parsed.day);
}

static void append_condition(struct buffer *out, struct arena *arena, const struct workbook_validation *one)
{
    const char *letters = column_letters(arena, one->first_column);

    switch (one->kind) {
    case VALIDATION_LIST:
        buffer_append_text(out, "of:cell-content-is-in-list(");
        for (size_t i = 0; i < one->choice_count; i++) {
            buffer_append_text(out, i ? ";&quot;" : "&quot;");
            xml_append(out, one->choices[i]);
            buffer_append_text(out, "&quot;");
        }
        buffer_append_text(out, ")");
        break;
    case VALIDATION_LIST_RANGE:
        buffer_append_text(out, "of:cell-content-is-in-list(");
        append_range(out, arena, one);
        buffer_append_text(out, ")");
        break;
    case VALIDATION_WHOLE: buffer_append_text(out, "of:cell-content-is-whole-number() and cell-content()&gt;=0"); break;
    case VALIDATION_DECIMAL:
        buffer_append_text(out, "of:cell-content-is-decimal-number() and cell-content()&gt;=0");
        break;
    case VALIDATION_DATE:
        buffer_append_format(out, "of:is-true-formula(OR(ISTEXT([.%s%zu]);AND([.%s%zu]&gt;=", letters,
                             one->first_row + 1, letters, one->first_row + 1);
        append_date(out, one->least);
        buffer_append_format(out, ";[.%s%zu]&lt;=", letters, one->first_row + 1);
        append_date(out, one->most);
        buffer_append_text(out, ")))");
        break;
    }
}

static void write_validation(struct buffer *out, const struct workbook_sheet *sheet, size_t sheet_index, size_t index)
{
    const struct workbook_validation *one = &sheet->validations[index];
    struct arena *arena = sheet->workbook->arena;

    buffer_append_format(out, "<table:content-validation table:name=\"v-%zu-%zu\" table:condition=\"", sheet_index,
                         index);
    append_condition(out, arena, one);
    buffer_append_text(out, "\" table:allow-empty-cell=\"true\" table:display-list=\"unsorted\""
                            " table:base-cell-address=\"$'");
    xml_append(out, sheet->name);
    buffer_append_format(out, "'.$%s$%zu\">", column_letters(arena, one->first_column), one->first_row + 1);
    if (one->hint) {
        buffer_append_text(out, "<table:help-message table:display=\"true\" table:title=\"");
        xml_append(out, one->title ? one->title : "");
        buffer_append_text(out, "\"><text:p>");
        xml_append(out, one->hint);
        buffer_append_text(out, "</text:p></table:help-message>");
    }
    if (one->message) {
        buffer_append_text(out, "<table:error-message table:message-type=\"warning\" table:display=\"true\""
                                " table:title=\"");
        xml_append(out, one->title ? one->title : "");
        buffer_append_text(out, "\"><text:p>");
        xml_append(out, one->message);
        buffer_append_text(out, "</text:p></table:error-message>");
    }
    buffer_append_text(out, "</table:content-validation>");
}

void ods_write_validations(const struct workbook *workbook, struct buffer *out)
{
    size_t count = 0;

    for (size_t s = 0; s < workbook->sheet_count; s++)
        count += workbook->sheets[s]->validation_count;
    if (count == 0)
        return;
    buffer_append_text(out, "<table:content-validations>");
    for (size_t s = 0; s < workbook->sheet_count; s++)
        for (size_t v = 0; v < workbook->sheets[s]->validation_count; v++)
            write_validation(out, workbook->sheets[s], s, v);
    buffer_append_text(out, "</table:content-validations>");
}

void ods_name_validation(struct buffer *out, const struct workbook_sheet *sheet, size_t sheet_index, size_t row,
                         size_t column)
{
    for (size_t v = 0; v < sheet->validation_count; v++) {
        const struct workbook_validation *one = &sheet->validations[v];

        if (row >= one->first_row && row <= one->last_row && column >= one->first_column &&
            column <= one->last_column) {
            buffer_append_format(out, " table:content-validation-name=\"v-%zu-%zu\"", sheet_index, v);
            return;
        }
    }
}
