/* sheet_template.c: a template handed in untouched says nothing, filled in says what was filled in, prefilled what was
 * known; as a workbook, as CSV and as a document. */
#include "sheet/template.h"

#include "unit/sheet_support.h"

static const char *const plans[] = {small_plan, yunling_plan, taoyuan_plan};

enum { FILE_LIMIT = 32 * 1024 * 1024 };

/* ---- a workbook as its files are read ---------------------------------------------------------------------------- */

static struct read_file read_written(const struct plan *plan, const struct workbook *workbook,
                                     enum workbook_format format)
{
    struct read_file file = {.arena = arena_new(JUDGED_MEMORY)};
    struct identity given = NOT_GIVEN;
    struct buffer bytes = BUFFER_WITH_LIMIT(FILE_LIMIT);

    file.findings = FINDINGS_IN(file.arena);
    cr_assert(workbook_write(workbook, format, &bytes));
    cr_assert(grid_read_file(bytes.data, bytes.length, &file.findings, &file.grid));
    file.json = grid_to_document(plan, &file.grid, &given, &file.findings, &file.places);
    if (file.json)
        file.document = document_judge(plan, json_deep_copy(file.json), &file.findings);
    findings_locate(&file.findings, file.places);
    buffer_free(&bytes);
    return file;
}

/* Reads it as ODS and as XLSX, which must say the same. */
static struct read_file read_workbook(const struct plan *plan, const struct workbook *workbook)
{
    struct read_file ods = read_written(plan, workbook, WORKBOOK_ODS),
                     xlsx = read_written(plan, workbook, WORKBOOK_XLSX);
    char *ods_findings = list_cells(&ods.findings), *xlsx_findings = list_cells(&xlsx.findings);

    cr_expect_str_eq(ods_findings, xlsx_findings);
    cr_assert_not_null(ods.json, "%s", ods_findings);
    cr_expect(json_equal(ods.json, xlsx.json));
    free(ods_findings);
    free(xlsx_findings);
    release_file(&xlsx);
    return ods;
}

/* ---- templates --------------------------------------------------------------------------------------------------- */

static struct template_request request_for(const struct plan *plan, const struct form *form, const char *period)
{
    struct template_request request = {.plan = plan, .form = form, .office = &plan->offices[0]};

    cr_assert(period_parse(period, &request.period));
    if (form->event)
        request.event = "0b6f2c0e-5a44-4f3c-9a1d-0123456789ab";
    return request;
}

static const char *some_period(const struct plan *plan, const struct form *form)
{
    static char text[PERIOD_TEXT_SIZE];

    period_format((struct period){.kind = form->period,
                                  .year = form->period == PERIOD_PLAN ? 0 : plan->from,
                                  .quarter = form->period == PERIOD_QUARTER ? 2 : 0},
                  text);
    return text;
}

static struct workbook *make_workbook(const struct template_request *request, struct arena *arena)
{
    struct workbook *workbook = template_workbook(request, arena);

    cr_assert_not_null(workbook);
    for (int format = 0; format < WORKBOOK_FORMAT_COUNT; format++) {
        struct buffer out = BUFFER_WITH_LIMIT(FILE_LIMIT);

        cr_assert(workbook_write(workbook, (enum workbook_format)format, &out), "%s", request->form->code);
        buffer_free(&out);
    }
    return workbook;
}

/* Errors other than that a form wants some of its fields filled in. */
static size_t faults(const struct findings *findings)
{
    size_t count = 0;

    for (size_t i = 0; i < findings->count; i++)
        count += findings->items[i].severity == SEVERITY_ERROR && findings->items[i].code != FINDING_value_missing;
    return count;
}

/* Whether the document says nothing but what it is. */
static void expect_nothing_said(const struct read_file *file, const struct template_request *request)
{
    char *findings = list_findings(&file->findings);

    cr_assert_not_null(file->json, "%s: %s", request->form->code, findings);
    cr_expect_str_eq(json_text_member(file->json, "form"), request->form->code);
    cr_expect_str_eq(json_text_member(file->json, "office"), request->office->code);
    cr_expect_eq(json_object_size(json_object_get(file->json, "fields")), 0, "%s", request->form->code);
    cr_expect_eq(json_object_size(json_object_get(file->json, "tables")), 0, "%s", request->form->code);
    cr_expect_eq(faults(&file->findings), 0, "%s: %s", request->form->code, findings);
    free(findings);
}

static void for_each_form(void (*check)(const struct template_request *request))
{
    for (size_t i = 0; i < COUNT(plans); i++) {
        struct plan *plan = load_plan(plans[i]);

        cr_assert_gt(plan->form_count, 0);
        for (size_t f = 0; f < plan->form_count; f++) {
            struct template_request request = request_for(plan, &plan->forms[f], some_period(plan, &plan->forms[f]));

            check(&request);
        }
        plan_free(plan);
    }
}

static void check_untouched_workbook(const struct template_request *request)
{
    struct arena *arena = arena_new(FILE_LIMIT);
    struct read_file file = read_workbook(request->plan, make_workbook(request, arena));

    expect_nothing_said(&file, request);
    release_file(&file);
    arena_free(arena);
}

Test(template, an_untouched_workbook_says_nothing)
{
    for_each_form(check_untouched_workbook);
}

static void check_untouched_csv(const struct template_request *request)
{
    struct buffer csv = BUFFER_WITH_LIMIT(FILE_LIMIT);

    cr_assert(csv_begin(&csv) && template_write_csv(request, &csv));

    struct read_file file = read_csv_bytes(request->plan, csv.data, csv.length, NOT_GIVEN);

    expect_nothing_said(&file, request);
    release_file(&file);
    buffer_free(&csv);
}

Test(template, an_untouched_csv_says_nothing)
{
    for_each_form(check_untouched_csv);
}

static void check_untouched_document(const struct template_request *request)
{
    json_t *document = template_document(request);
    struct judged judged = judge_json(request->plan, document);

    cr_assert_not_null(judged.document);
    cr_expect_eq(faults(&judged.findings), 0);
    cr_expect_eq(json_object_size(json_object_get(judged.document->json, "fields")), request->form->field_count);
    cr_expect_not(judged.document->reported);
    release_judged(&judged);
}

Test(template, an_untouched_document_names_everything_and_says_nothing)
{
    for_each_form(check_untouched_document);
}

/* ---- what is known comes back ------------------------------------------------------------------------------------ */

static const struct {
    const char *plan, *document;
} known[] = {
    {small_plan, "{'form':'tally','office':'s1','period':'112','base':2,'plan':'small-112-113','fields':{'people.m':1,"
                 "'people.f':{'not_applicable':'=1'}},'notes':{'fields.people.m':'-','tables.items':'none, so far'},"
                 "'tables':{'items':[]}}"},
    {small_plan, "{'form':'tally','office':'s1','period':'112','base':1,'plan':'small-112-113','fields':{'people.m':0},"
                 "'tables':{'items':[{'no':1,'amount':5},{'no':'1a','shade':'red'},{'no':'007'},{'no':'=a'},"
                 "{'no':'#table','remark':'two\\nlines'},{'no':'12','remark':'+886-3'}]}}"},
    {yunling_plan, "{'form':'care-quarterly','office':'yl-01','period':'113Q2','base':3,'plan':'yunling-113-116',"
                   "'fields':{'overview':'x'},'tables':{'visits':[{'_row':'a','followed_up':true,"
                   "'topics':['work','care'],'setting':'hall','length':'1.25','held_on':'2024-05-02'},"
                   "{'_row':'#1','followed_up':false},{'_row':'c','cost':7}]}}"},
    {taoyuan_plan, "{'form':'training-annual','office':'68000010','period':'113','base':1,'plan':'taoyuan-112-115',"
                   "'fields':{'general.staff.m':61,'counted_on':'2024-12-31',"
                   "'business.ge10h.f':{'not_yet':'人事室1月15日結算'}},'notes':{'fields.general.staff.m':'=含約聘'}}"},
};

Test(template, what_is_known_comes_back_from_a_workbook_and_from_csv)
{
    for (size_t i = 0; i < COUNT(known); i++) {
        struct plan *plan = load_plan(known[i].plan);
        json_t *document = parse_quoted(known[i].document);
        struct template_request request = request_for(plan, plan_form(plan, json_text_member(document, "form")),
                                                      json_text_member(document, "period"));
        struct arena *arena = arena_new(FILE_LIMIT);
        struct buffer csv = BUFFER_WITH_LIMIT(FILE_LIMIT);

        request.document = document;
        cr_assert(csv_begin(&csv) && template_write_csv(&request, &csv));

        struct read_file from_workbook = read_workbook(plan, make_workbook(&request, arena)),
                         from_csv = read_csv_bytes(plan, csv.data, csv.length, NOT_GIVEN);
        char *expected = canonical_text(document), *workbook_text = canonical_text(from_workbook.json),
             *csv_text = canonical_text(from_csv.json);

        cr_expect_str_eq(workbook_text, expected);
        cr_expect_str_eq(csv_text, expected);
        free(expected);
        free(workbook_text);
        free(csv_text);
        release_file(&from_workbook);
        release_file(&from_csv);
        buffer_free(&csv);
        arena_free(arena);
        json_decref(document);
        plan_free(plan);
    }
}

/* ---- filled in --------------------------------------------------------------------------------------------------- */

/* The row whose first cell is that text, or SIZE_MAX. */
static size_t find_row(const struct workbook_sheet *sheet, const char *mark)
{
    for (size_t r = 0; r < sheet->row_count; r++)
        if (sheet->rows[r].cell_count > 0 && sheet->rows[r].cells[0].holding == HOLDS_TEXT &&
            strcmp(sheet->rows[r].cells[0].text, mark) == 0)
            return r;
    return SIZE_MAX;
}

static struct workbook_sheet *first_sheet(const struct plan *plan, const char *form, const char *period,
                                          struct arena *arena)
{
    struct template_request request = request_for(plan, plan_form(plan, form), period);

    return make_workbook(&request, arena)->sheets[0];
}

Test(template, a_row_filled_in_by_the_drop_down_words_is_read)
{
    static const char *const words[] = {"CEDAW 案例研討",
                                        "113/5/2",
                                        "113年5月2日",
                                        "３",
                                        "CEDAW實體課程",
                                        "專題演講",
                                        "一般公務人員、主管人員",
                                        "",
                                        "",
                                        "12",
                                        "1,020",
                                        "1,032"};
    struct plan *plan = load_plan(taoyuan_plan);
    struct arena *arena = arena_new(FILE_LIMIT);
    struct workbook_sheet *sheet = first_sheet(plan, "training-quarterly", "113Q2", arena);
    size_t row = find_row(sheet, "_row") + 2;

    for (size_t c = 0; c < COUNT(words); c++)
        sheet_put_text(sheet, row + 1, 1 + c, STYLE_INPUT_TEXT, words[c]);

    struct read_file file = read_workbook(plan, sheet->workbook);
    char *findings = list_findings(&file.findings), *tables = canonical_text(json_object_get(file.json, "tables"));

    cr_expect_eq(file.findings.error_count, 0, "%s", findings);
    cr_expect_str_eq(
        tables, "{\"courses\":[{\"attendance.f\":1020,\"attendance.m\":12,\"attendance.total\":1032,"
                "\"audience\":[\"general\",\"supervisor\"],\"date_from\":\"2024-05-02\",\"date_to\":\"2024-05-02\","
                "\"hours\":\"3\",\"kind\":\"cedaw\",\"method\":\"lecture\",\"name\":\"CEDAW 案例研討\"}]}");
    free(findings);
    free(tables);
    release_file(&file);
    arena_free(arena);
    plan_free(plan);
}

/* Writes the word that says there is none into the row that asks for it. */
static void say_none(struct workbook_sheet *sheet, const char *word)
{
    size_t row = find_row(sheet, "#none");

    cr_assert_neq(row, SIZE_MAX);
    for (size_t c = 1; c < sheet->rows[row].cell_count; c++)
        if (sheet->rows[row].cells[c].style == STYLE_INPUT_CODE)
            sheet_put_text(sheet, row, c, STYLE_INPUT_CODE, word);
}

Test(template, a_table_is_declared_empty_only_by_the_word)
{
    struct plan *plan = load_plan(taoyuan_plan);
    struct arena *arena = arena_new(FILE_LIMIT);
    struct workbook_sheet *sheet = first_sheet(plan, "training-quarterly", "113Q2", arena);

    say_none(sheet, "無");

    struct read_file file = read_workbook(plan, sheet->workbook);
    char *tables = canonical_text(json_object_get(file.json, "tables"));

    cr_expect_str_eq(tables, "{\"courses\":[]}");
    cr_expect(file.document->reported);
    free(tables);
    release_file(&file);
    arena_free(arena);
    plan_free(plan);
}

Test(template, a_table_with_rows_cannot_be_said_to_be_empty)
{
    struct plan *plan = load_plan(taoyuan_plan);
    struct arena *arena = arena_new(FILE_LIMIT);
    struct workbook_sheet *sheet = first_sheet(plan, "training-quarterly", "113Q2", arena);

    say_none(sheet, "無");
    sheet_put_text(sheet, find_row(sheet, "_row") + 2, 1, STYLE_INPUT_TEXT, "性別主流化研習");

    struct read_file file = read_workbook(plan, sheet->workbook);

    cr_expect_eq(file.findings.error_count, 1);
    cr_expect_eq(file.findings.items[0].code, FINDING_combination_refused);
    cr_expect_not_null(file.findings.items[0].ref);
    release_file(&file);
    arena_free(arena);
    plan_free(plan);
}

/* ---- how it helps ------------------------------------------------------------------------------------------------ */

static void check_cells_to_type_into(const struct template_request *request)
{
    struct arena *arena = arena_new(FILE_LIMIT);
    const struct workbook *workbook = make_workbook(request, arena);
    size_t lists = 0, codes = 0;

    for (size_t s = 0; s < workbook->sheet_count; s++) {
        cr_expect(workbook->sheets[s]->locked);
        for (size_t v = 0; v < workbook->sheets[s]->validation_count; v++)
            lists += workbook->sheets[s]->validations[v].kind == VALIDATION_LIST_RANGE;
    }
    for (size_t i = 0; i < request->form->field_count; i++)
        codes += request->form->fields[i].codes != NULL;
    for (size_t t = 0; t < request->form->table_count; t++)
        for (size_t c = 0; c < request->form->tables[t].column_count; c++)
            codes += request->form->tables[t].columns[c].codes != NULL;
    cr_expect_eq(lists, codes, "%s has a drop-down list for each of its codes", request->form->code);
    arena_free(arena);
}

Test(template, every_sheet_is_locked_and_every_code_has_its_list)
{
    for_each_form(check_cells_to_type_into);
}

/* Whether a cell of the sheet begins with that text. */
static bool has_text(const struct workbook_sheet *sheet, const char *text)
{
    for (size_t r = 0; r < sheet->row_count; r++)
        for (size_t c = 0; c < sheet->rows[r].cell_count; c++)
            if (sheet->rows[r].cells[c].holding == HOLDS_TEXT &&
                strncmp(sheet->rows[r].cells[c].text, text, strlen(text)) == 0)
                return true;
    return false;
}

static void check_sample_label(const struct template_request *request)
{
    struct template_request sample = *request;
    struct arena *arena = arena_new(FILE_LIMIT);
    const struct workbook *real = make_workbook(request, arena);

    sample.sample = true;

    const struct workbook *labelled = make_workbook(&sample, arena);

    for (size_t s = 0; s < labelled->sheet_count; s++) {
        cr_expect_neq(has_text(labelled->sheets[s], "合成樣本資料"), labelled->sheets[s]->hidden);
        cr_expect_not(has_text(real->sheets[s], "合成樣本資料"));
    }
    arena_free(arena);
}

Test(template, sample_data_is_labelled_on_every_sheet_that_is_seen)
{
    for_each_form(check_sample_label);
}

Test(template, the_same_template_gives_the_same_bytes)
{
    struct plan *plan = load_plan(taoyuan_plan);
    struct template_request request = request_for(plan, plan_form(plan, "training-annual"), "113");
    struct arena *arena = arena_new(FILE_LIMIT);
    struct buffer one = BUFFER_WITH_LIMIT(FILE_LIMIT), two = BUFFER_WITH_LIMIT(FILE_LIMIT);

    cr_assert(workbook_write(template_workbook(&request, arena), WORKBOOK_ODS, &one));
    cr_assert(workbook_write(template_workbook(&request, arena), WORKBOOK_ODS, &two));
    cr_assert_eq(one.length, two.length);
    cr_assert_arr_eq(one.data, two.data, one.length);
    buffer_free(&one);
    buffer_free(&two);
    arena_free(arena);
    plan_free(plan);
}

Test(template, file_names_say_what_it_is)
{
    struct plan *plan = load_plan(taoyuan_plan);
    struct template_request request = request_for(plan, plan_form(plan, "training-quarterly"), "113Q2");
    struct arena *arena = arena_new(FILE_LIMIT);

    cr_expect_str_eq(template_file_name(&request, LANGUAGE_EN, arena), "training-quarterly_68000010_113Q2");
    cr_expect_str_eq(template_file_name(&request, LANGUAGE_ZH, arena), "培力成果表_桃園區公所_113年第2季");
    arena_free(arena);
    plan_free(plan);
}
