/* sheet_round_trip.c: what is written as CSV is read back as the same document, whatever its texts hold. */
#include "unit/sheet_support.h"

static void expect_same_text(const json_t *written, const json_t *read, const char *csv)
{
    char *a = canonical_text(written), *b = read ? canonical_text(read) : strdup("nothing");

    cr_assert_str_eq(b, a, "written %s\n  read    %s\n  by way of %s", a, b, csv);
    free(a);
    free(b);
}

static void expect_same_findings(const struct findings *written, const struct findings *read, const char *csv)
{
    char *a = list_findings(written), *b = list_findings(read);

    cr_expect_str_eq(b, a, "%s\n  by way of %s", b, csv);
    free(a);
    free(b);
}

/* Judges, writes, reads back; the caller frees the CSV that is returned. */
static char *expect_round_trip(const struct plan *plan, json_t *document, enum language language)
{
    struct judged judged = judge_json(plan, document);
    struct buffer csv = BUFFER_WITH_LIMIT(16 * 1024 * 1024);

    cr_assert_not_null(judged.document);
    cr_assert(csv_begin(&csv) && csv_write_document(plan, judged.document->json, language, &csv));
    struct read_file file = read_csv_bytes(plan, csv.data, csv.length, NOT_GIVEN);

    expect_same_text(judged.document->json, file.json, csv.data);
    expect_same_findings(&judged.findings, &file.findings, csv.data);
    release_file(&file);
    release_judged(&judged);
    return buffer_take(&csv, NULL);
}

Test(round_trip, documents_come_back_equal_in_either_language)
{
    static const struct {
        const char *plan, *document;
    } documents[] = {
        {small_plan, "{'form':'tally','office':'s1','period':'112','fields':{'people.m':1}}"},
        {small_plan, "{'form':'tally','office':'s1','period':'112','plan':'small-112-113','tables':{'items':[]}}"},
        {small_plan,
         "{'form':'tally','office':'s1','period':'112','fields':{},'tables':{'items':[{'no':1,'amount':5},{'no':'1a','shade':'red'},{'no':'007'}]}}"},
        {small_plan,
         "{'form':'tally','office':'s1','period':'112','tables':{'items':[{'no':'12','remark':'text digits stay text'},{'no':'’1'}]}}"},
        {small_plan,
         "{'form':'tally','office':'s1','period':'112','fields':{'people.m':{'not_yet':'x：y'},'people.f':{'not_applicable':'=1'}},"
         "'notes':{'fields.people.m':'-','document':'whole','tables.items':'none, so far','people.f':'plain'},'tables':{'items':[]}}"},
        {small_plan,
         "{'form':'tally','office':'s1','period':'112','tables':{'items':[{'no':'=a'},{'no':'#table'},{'no':'-'},{'no':'N/A','remark':'TBD'}]}}"},
        {small_plan,
         "{'form':'tally','office':'s1','period':'112','tables':{'items':[{'no':1,'remark':'a,b'},{'no':2,'remark':'two\\nlines\\r\\n'},"
         "{'no':3,'remark':'  blanks  '},{'no':4,'remark':'\\\\tab\\tin'},{'no':5,'remark':'不適用：不是'},{'no':6,'remark':'　'}]}}"},
        {small_plan,
         "{'form':'tally','office':'s1','period':'112','tables':{'items':[{'no':1,'remark':'+886-3'},{'no':2,'remark':'-5'},"
         "{'no':3,'remark':'@home'},{'no':4,'remark':'=SUM(A1)'},{'no':5,'remark':'#MeToo'},{'no':6,'remark':'- point'}]}}"},
        {yunling_plan,
         "{'form':'care-quarterly','office':'yl-01','period':'113Q2','fields':{'overview':'x'},'tables':{'visits':[{'_row':'a','followed_up':true,"
         "'topics':['work','care'],'setting':'hall','length':'1.25','held_on':'2024-05-02'},{'_row':'#1','followed_up':false},{'cost':7},{'cost':7}]}}"},
        {yunling_plan,
         "{'form':'workforce-yearly','office':'yl-01','period':'113','tables':{'measures':[{'id':'a','year_part':1,'why':'x'},{'id':2,'year_part':'H1'}]}}"},
        {yunling_plan,
         "{'form':'board-sitting','office':'yl-01','period':'113','event':'0b6f2c0e-5a44-4f3c-9a1d-0123456789ab','fields':{'phone':'+886 3'}}"},
        {small_plan,
         "{'form':'tally','office':'s1','period':'112','fields':{'people.m':{'not_yet':'未到'},'people.f':{'not_yet':'TBD'}}}"},
        {taoyuan_plan,
         "{'form':'training-annual','office':'68000070','period':'113','fields':{'general.staff.m':61,'business.ge10h.f':{'not_yet':'人事室1月15日結算'}}}"},
    };

    cr_assert_geq(COUNT(documents), 13);
    for (size_t i = 0; i < COUNT(documents); i++) {
        struct plan *plan = load_plan(documents[i].plan);

        for (int language = LANGUAGE_ZH; language <= LANGUAGE_EN; language++)
            free(expect_round_trip(plan, parse_quoted(documents[i].document), (enum language)language));
        plan_free(plan);
    }
}

/* Texts that were made to be mistaken for something else, and ordinary ones. */
static const char *const texts[] = {"a",
                                    "龜山",
                                    "'",
                                    "''",
                                    "'a",
                                    "'=1",
                                    "''-x",
                                    "=1",
                                    "+",
                                    "-",
                                    "－",
                                    "--",
                                    "-1",
                                    "'-1",
                                    "@",
                                    "#",
                                    "#table",
                                    "'#fields",
                                    "#fields,x",
                                    "N/A",
                                    "n/a：x",
                                    "'N/A",
                                    "未到",
                                    "不適用：y",
                                    "'不適用",
                                    ",",
                                    "\"",
                                    "\"\"",
                                    "a\"b",
                                    "\n",
                                    "a\nb",
                                    "\r\n",
                                    " a",
                                    "a ",
                                    " ",
                                    "　x　",
                                    "1",
                                    "12",
                                    "'12",
                                    "007",
                                    "1,234",
                                    "x;y",
                                    "、",
                                    "\t",
                                    "\ta",
                                    "\xef\xbb\xbf",
                                    "\xef\xbb\xbf\x61",
                                    "😀",
                                    "_row",
                                    "code",
                                    "no",
                                    "\\",
                                    "\x7f"};

static unsigned long random_state = 20240430;

static size_t pick(size_t count)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(random_state >> 33) % count;
}

static json_t *random_value(const struct item *item)
{
    char text[64];

    if (pick(8) == 0)
        return json_pack("{ss}", pick(2) ? "not_yet" : "not_applicable", pick(2) ? "x：y" : "1, \"2\"");
    switch (item->type) {
    case ITEM_COUNT:
    case ITEM_MONEY: return json_integer((json_int_t)pick(1000000));
    case ITEM_DECIMAL: snprintf(text, sizeof text, "%zu.%s", pick(100), pick(2) ? "5" : "25"); return json_string(text);
    case ITEM_DATE:
        snprintf(text, sizeof text, "2024-%02zu-%02zu", 1 + pick(12), 1 + pick(28));
        return json_string(text);
    case ITEM_CODE: return json_string(item->codes->entries[pick(item->codes->entry_count)].code);
    case ITEM_CODES:
        return json_pack("[ss]", item->codes->entries[pick(item->codes->entry_count)].code,
                         item->codes->entries[pick(item->codes->entry_count)].code);
    case ITEM_BOOLEAN: return json_boolean(pick(2));
    case ITEM_KEY: return pick(2) ? json_integer((json_int_t)pick(1000)) : json_string(texts[pick(COUNT(texts))]);
    default: return json_string(texts[pick(COUNT(texts))]);
    }
}

static json_t *random_cells(const struct item *items, size_t count, const struct table *table)
{
    json_t *cells = json_object();

    for (size_t i = 0; i < count; i++) {
        json_t *value = pick(3) ? random_value(&items[i]) : NULL;

        for (size_t k = 0; table && k < table->key_count; k++)
            if (table->key[k] == &items[i] && (!value || json_is_object(value))) {
                json_decref(value);
                value = json_integer((json_int_t)pick(100000));
            }
        if (value)
            json_object_set_new(cells, items[i].code, value);
    }
    return cells;
}

static json_t *random_document(const struct plan *plan)
{
    const struct form *form = &plan->forms[pick(plan->form_count)];
    struct period period = {form->period, form->period == PERIOD_PLAN ? 0 : plan->from,
                            form->period == PERIOD_QUARTER ? 1 : 0};
    char text[PERIOD_TEXT_SIZE];
    json_t *document, *tables = json_object(), *notes = json_object();

    period_format(period, text);
    document = json_pack("{ss ss ss}", "form", form->code, "office", plan->offices[0].code, "period", text);
    if (form->field_count)
        json_object_set_new(document, "fields", random_cells(form->fields, form->field_count, NULL));
    for (size_t t = 0; t < form->table_count; t++) {
        json_t *list = json_array();

        for (size_t r = pick(6); r > 0; r--)
            json_array_append_new(
                list, random_cells(form->tables[t].columns, form->tables[t].column_count, &form->tables[t]));
        json_object_set_new(tables, form->tables[t].code, list);
    }
    if (form->table_count)
        json_object_set_new(document, "tables", tables);
    else
        json_decref(tables);
    for (size_t i = pick(3); i > 0; i--)
        json_object_set_new(notes, i == 2 && form->field_count ? form->fields[0].code : "document",
                            json_string(texts[pick(COUNT(texts))]));
    if (json_object_size(notes))
        json_object_set_new(document, "notes", notes);
    else
        json_decref(notes);
    return document;
}

Test(round_trip, two_thousand_documents_of_awkward_texts_come_back_equal)
{
    static const char *const paths[] = {small_plan, yunling_plan, taoyuan_plan};

    for (size_t p = 0; p < COUNT(paths); p++) {
        struct plan *plan = load_plan(paths[p]);

        for (int i = 0; i < 700; i++)
            free(expect_round_trip(plan, random_document(plan), i % 2 ? LANGUAGE_ZH : LANGUAGE_EN));
        plan_free(plan);
    }
}

Test(round_trip, a_written_document_is_what_a_person_can_read)
{
    struct plan *plan = load_plan(small_plan);
    char *csv = expect_round_trip(
        plan,
        parse_quoted(
            "{'form':'tally','office':'s1','period':'112','base':2,'fields':{'people.m':1200,'people.f':{'not_yet':'七月'}},"
            "'notes':{'fields.people.m':'約略'},'tables':{'items':[{'no':1,'amount':5,'shade':'red','remark':'a,\\\\b'}]}}"),
        LANGUAGE_ZH);

    cr_assert_str_eq(
        csv,
        "\xef\xbb\xbf#form,tally\r\n#office,s1\r\n#period,112\r\n#fields\r\ncode,label,value,note\r\npeople.m,男,1200,約略\r\n"
        "people.f,女,未到：七月,\r\npeople.trained,受訓,,\r\n#table,items\r\n編號,金額,顏色,備註\r\n1,5,紅,\"a,\\b\"\r\n");
    free(csv);
    plan_free(plan);
}

Test(round_trip, rows_are_quoted_and_formulas_defused)
{
    static const char *const cells[] = {"a",  NULL,  "a,b", "say \"x\"", "two\nlines", "=1+1", "+1",
                                        "-1", "-1x", "@x",  "'=1",       " a",         "12",   "-0.5"};
    struct buffer out = BUFFER_WITH_LIMIT(10000);

    cr_assert(csv_row(&out, cells, COUNT(cells)));
    cr_assert_str_eq(out.data,
                     "a,,\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",'=1+1,'+1,-1,'-1x,'@x,''=1,\" a\",12,-0.5\r\n");
    buffer_free(&out);
    out = BUFFER_WITH_LIMIT(10);
    cr_assert_not(csv_row(&out, cells, COUNT(cells)));
    buffer_free(&out);
}

Test(round_trip, a_form_the_plan_does_not_have_is_not_written)
{
    struct plan *plan = load_plan(small_plan);
    json_t *document = parse_quoted("{'form':'nothing'}");
    struct buffer out = BUFFER_WITH_LIMIT(10000);

    cr_assert_not(csv_write_document(plan, document, LANGUAGE_ZH, &out));
    buffer_free(&out);
    json_decref(document);
    plan_free(plan);
}
