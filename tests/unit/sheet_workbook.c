/* sheet_workbook.c: a workbook becomes an archive that is sound, the same each time, and never runs what a text says. */
#include <zip.h>

#include "sheet/workbook.h"
#include "unit/common_support.h"

enum { FILE_LIMIT = 32 * 1024 * 1024 };

static const char *const yes_or_no[] = {"是", "否"};

/* A workbook with one of everything. */
static struct workbook *make_workbook(struct arena *arena)
{
    struct workbook *workbook = workbook_in(arena, "測試 <&> 活頁簿");
    struct workbook_sheet *sheet = workbook_sheet(workbook, "資料/一"), *hidden = workbook_sheet(workbook, "代碼");

    sheet->locked = true;
    sheet->landscape = true;
    sheet->frozen_rows = 2;
    sheet->repeated_row = 1;
    sheet->repeated_row_count = 1;
    sheet_put_wide(sheet, 0, 0, 3, STYLE_TITLE, "標題 <b>&\"'");
    sheet_row(sheet, 0)->height = 90;
    for (size_t c = 0; c < 6; c++) {
        sheet_put_text(sheet, 1, c, STYLE_HEADING, "欄");
        sheet_set_column(sheet, c, 300, c == 5 ? STYLE_INPUT_DATE : STYLE_INPUT_TEXT);
    }
    sheet_put_text(sheet, 2, 0, STYLE_INPUT_TEXT, "=1+1");
    sheet_put_integer(sheet, 2, 1, STYLE_INPUT_MONEY, 9007199254740992);
    sheet_put_decimal(sheet, 2, 2, STYLE_INPUT_DECIMAL, "36.5");
    sheet_put_date(sheet, 2, 3, STYLE_DATE, "2024-05-02");
    sheet_put_text(sheet, 2, 4, STYLE_INPUT_CODE, "一  二\n三\x01\xff");
    sheet_put_date(sheet, 2, 5, STYLE_INPUT_DATE, "不是日期");
    sheet_row(sheet, 3)->hidden = true;
    hidden->hidden = true;
    sheet_put_text(hidden, 0, 0, STYLE_SYSTEM, "甲");
    sheet_put_text(hidden, 1, 0, STYLE_SYSTEM, "乙");
    sheet_validate(sheet, (struct workbook_validation){.kind = VALIDATION_LIST,
                                                       .first_row = 2,
                                                       .last_row = 40,
                                                       .choices = yes_or_no,
                                                       .choice_count = 2,
                                                       .title = "是否",
                                                       .message = "請選是或否"});
    sheet_validate(sheet, (struct workbook_validation){.kind = VALIDATION_LIST_RANGE,
                                                       .first_row = 2,
                                                       .last_row = 40,
                                                       .first_column = 4,
                                                       .last_column = 4,
                                                       .source_sheet = hidden->name,
                                                       .source_last_row = 1,
                                                       .title = "代碼",
                                                       .message = "請自清單選取"});
    sheet_validate(sheet, (struct workbook_validation){.kind = VALIDATION_WHOLE,
                                                       .first_row = 2,
                                                       .last_row = 40,
                                                       .first_column = 1,
                                                       .last_column = 1,
                                                       .title = "整數",
                                                       .message = "請填 0 以上的整數",
                                                       .hint = "整數"});
    sheet_validate(sheet, (struct workbook_validation){.kind = VALIDATION_DATE,
                                                       .first_row = 2,
                                                       .last_row = 40,
                                                       .first_column = 3,
                                                       .last_column = 3,
                                                       .least = "2024-04-01",
                                                       .most = "2024-06-30",
                                                       .title = "日期",
                                                       .message = "日期須在期間內"});
    return workbook;
}

static struct buffer written(enum workbook_format format)
{
    struct arena *arena = arena_new(FILE_LIMIT);
    struct buffer out = BUFFER_WITH_LIMIT(FILE_LIMIT);

    cr_assert(workbook_write(make_workbook(arena), format, &out));
    arena_free(arena);
    return out;
}

/* One member of an archive; the caller frees it. */
static char *member(const struct buffer *file, const char *name)
{
    zip_error_t error;
    zip_source_t *source = zip_source_buffer_create(file->data, file->length, 0, &error);
    zip_t *archive = zip_open_from_source(source, ZIP_RDONLY, &error);
    zip_stat_t stat;

    cr_assert_not_null(archive);
    cr_assert_eq(zip_stat(archive, name, 0, &stat), 0, "%s is in the archive", name);

    zip_file_t *entry = zip_fopen(archive, name, 0);
    char *text = calloc(1, stat.size + 1);

    cr_assert_eq(zip_fread(entry, text, stat.size), (zip_int64_t)stat.size);
    zip_fclose(entry);
    zip_close(archive);
    return text;
}

static void assert_has(const char *text, const char *part)
{
    cr_assert_not_null(strstr(text, part), "%s should be in %s", part, text);
}

Test(workbook, the_same_workbook_gives_the_same_bytes)
{
    for (int format = 0; format < WORKBOOK_FORMAT_COUNT; format++) {
        struct buffer one = written((enum workbook_format)format), two = written((enum workbook_format)format);

        cr_assert_eq(one.length, two.length);
        cr_assert_arr_eq(one.data, two.data, one.length);
        buffer_free(&one);
        buffer_free(&two);
    }
}

Test(workbook, an_ods_begins_with_its_media_type_as_it_is)
{
    struct buffer file = written(WORKBOOK_ODS);
    const char *type = workbook_media_type(WORKBOOK_ODS);

    cr_assert_arr_eq(file.data, "PK\x03\x04", 4);
    cr_assert_eq(file.data[8], 0, "stored, not compressed");
    cr_assert_eq(file.data[28], 0, "no extra field between name and bytes");
    cr_assert_arr_eq(file.data + 30, "mimetype", 8);
    cr_assert_arr_eq(file.data + 38, type, strlen(type));
    buffer_free(&file);
}

Test(workbook, an_ods_holds_values_as_values_and_texts_as_texts)
{
    struct buffer file = written(WORKBOOK_ODS);
    char *content = member(&file, "content.xml");

    assert_has(content, "office:value-type=\"string\"><text:p>=1+1</text:p>");
    assert_has(content, "office:value=\"9007199254740992\"");
    assert_has(content, "office:value=\"36.5\"");
    assert_has(content, "office:date-value=\"2024-05-02\"");
    assert_has(content, "<text:p>一 <text:s/>二</text:p><text:p>三</text:p>");
    assert_has(content, "<text:p>不是日期</text:p>");
    assert_has(content, "標題 &lt;b&gt;&amp;&quot;'");
    cr_assert_null(strstr(content, "table:formula"));
    free(content);
    buffer_free(&file);
}

Test(workbook, an_ods_is_locked_but_where_one_types)
{
    struct buffer file = written(WORKBOOK_ODS);
    char *content = member(&file, "content.xml"), *styles = member(&file, "styles.xml"),
         *settings = member(&file, "settings.xml");

    assert_has(content, "table:name=\"資料一\" table:style-name=\"ta-0\" table:protected=\"true\"");
    assert_has(content, "table:display=\"false\"");
    assert_has(content, "<table:table-header-rows>");
    assert_has(content, "of:cell-content-is-in-list(&quot;是&quot;;&quot;否&quot;)");
    assert_has(content, "of:cell-content-is-in-list([$'代碼'.$A$1:.$A$2])");
    assert_has(content, "of:cell-content-is-whole-number() and cell-content()&gt;=0");
    assert_has(content, "DATE(2024;4;1)");
    assert_has(content, "table:number-rows-repeated=\"37\"");
    assert_has(styles, "style:name=\"input-text\" style:family=\"table-cell\"");
    assert_has(styles, "style:cell-protect=\"none\"");
    assert_has(styles, "number:calendar=\"ROC\"");
    assert_has(settings, "VerticalSplitPosition");
    free(content);
    free(styles);
    free(settings);
    buffer_free(&file);
}

Test(workbook, an_xlsx_holds_values_as_values_and_texts_as_texts)
{
    struct buffer file = written(WORKBOOK_XLSX);
    char *sheet = member(&file, "xl/worksheets/sheet1.xml"), *texts = member(&file, "xl/sharedStrings.xml"),
         *core = member(&file, "docProps/core.xml");

    assert_has(texts, "=1+1");
    assert_has(sheet, "<v>9007199254740992</v>");
    assert_has(sheet, "<v>36.5</v>");
    assert_has(sheet, "<v>45414</v>");
    assert_has(sheet, "sheetProtection");
    assert_has(sheet, "<formula1>\"甲,乙\"</formula1>");
    cr_assert_null(strstr(sheet, "<f>"));
    assert_has(core, "2000-01-01T00:00:00Z");
    free(sheet);
    free(texts);
    free(core);
    buffer_free(&file);
}

Test(workbook, what_does_not_fit_is_refused_and_not_left_out)
{
    struct arena *arena = arena_new(FILE_LIMIT);
    struct buffer out = BUFFER_WITH_LIMIT(FILE_LIMIT);
    struct workbook *workbook = workbook_in(arena, "");

    cr_assert_not(workbook_write(workbook, WORKBOOK_ODS, &out), "a workbook has a sheet");

    struct workbook_sheet *sheet = workbook_sheet(workbook, "一");

    sheet_put_text(sheet, 0, WORKBOOK_MOST_COLUMNS, STYLE_PLAIN, "x");
    cr_assert_not(workbook_write(workbook, WORKBOOK_ODS, &out));
    buffer_free(&out);
    arena_free(arena);

    struct arena *small = arena_new(4096);

    workbook = workbook_in(small, "");
    sheet = workbook_sheet(workbook, "一");
    for (size_t r = 0; r < 1000; r++)
        sheet_put_text(sheet, r, 0, STYLE_PLAIN, "x");
    out = BUFFER_WITH_LIMIT(FILE_LIMIT);
    cr_assert_not(workbook_write(workbook, WORKBOOK_XLSX, &out));
    buffer_free(&out);
    arena_free(small);
}

Test(workbook, a_text_too_long_for_a_cell_is_cut_in_sight)
{
    for (int format = 0; format < WORKBOOK_FORMAT_COUNT; format++) {
        struct arena *arena = arena_new(FILE_LIMIT);
        struct workbook *workbook = workbook_in(arena, "");
        struct buffer out = BUFFER_WITH_LIMIT(FILE_LIMIT);
        char *text = arena_alloc(arena, 40000);

        memset(text, 'x', 39999);
        sheet_put_text(workbook_sheet(workbook, "一"), 0, 0, STYLE_NOTE, text);
        cr_assert(workbook_write(workbook, (enum workbook_format)format, &out));

        char *xml = member(&out, format == WORKBOOK_ODS ? "content.xml" : "xl/sharedStrings.xml");

        assert_has(xml, "xx…<");
        free(xml);
        buffer_free(&out);
        arena_free(arena);
    }
}

Test(workbook, a_list_too_long_to_stand_in_an_xlsx_rule_is_read_from_its_cells)
{
    struct arena *arena = arena_new(FILE_LIMIT);
    struct workbook *workbook = workbook_in(arena, "");
    struct workbook_sheet *sheet = workbook_sheet(workbook, "一"), *codes = workbook_sheet(workbook, "代碼");
    struct buffer out = BUFFER_WITH_LIMIT(FILE_LIMIT);

    sheet_put_text(sheet, 0, 0, STYLE_INPUT_CODE, NULL);
    for (size_t i = 0; i < 100; i++)
        sheet_put_text(codes, i, 0, STYLE_SYSTEM, arena_format(arena, "第 %zu 項", i));
    sheet_validate(sheet, (struct workbook_validation){
                              .kind = VALIDATION_LIST_RANGE, .source_sheet = codes->name, .source_last_row = 99});
    cr_assert(workbook_write(workbook, WORKBOOK_XLSX, &out));

    char *xml = member(&out, "xl/worksheets/sheet1.xml");

    assert_has(xml, "<formula1>'代碼'!$A$1:$A$100</formula1>");
    free(xml);
    buffer_free(&out);
    arena_free(arena);
}
