/* form_torture.c: each allocation in turn fails, and each limit of an arena in turn is reached: the end is always clean
 * (no leak, no crash, no answer that differs from the one with enough memory). The sources that allocate are compiled in
 * here with an allocator that fails on demand. */
#include <sodium.h>

#include "form/personal.h"
#include "sheet/csv.h"
#include "sheet/grid.h"
#include "unit/common_support.h"

/* How many allocations succeed; whether only the next one fails or all that follow. */
static size_t allowed = SIZE_MAX, asked, live;
static bool only_one;

/* jansson's parser writes past its memory when one of its allocations fails and the next doesn't; it isn't what is
 * tested here. */
static bool parsing;

static bool may_allocate(void)
{
    size_t number = asked++;

    return only_one ? number != allowed || parsing : number < allowed;
}

static json_t *parse_spared(const char *text)
{
    struct json_fault fault;

    parsing = true;
    json_t *json = json_parse_strict(text, strlen(text), 10000, &fault);

    parsing = false;
    return json;
}

static void *failing_malloc(size_t size)
{
    void *memory = may_allocate() ? malloc(size) : NULL;

    live += memory != NULL;
    return memory;
}

static void *failing_calloc(size_t count, size_t size)
{
    void *memory = may_allocate() ? calloc(count, size) : NULL;

    live += memory != NULL;
    return memory;
}

static void *failing_realloc(void *old, size_t size)
{
    void *memory = may_allocate() ? realloc(old, size) : NULL;

    live += memory != NULL && old == NULL;
    return memory;
}

static void counting_free(void *memory)
{
    live -= memory != NULL;
    free(memory);
}

#define calloc  failing_calloc
#define realloc failing_realloc
#define free    counting_free
/* NOLINTBEGIN(bugprone-suspicious-include) */
#include "base/arena.c"
#include "base/buffer.c"
#include "base/json.c"
/* NOLINTEND(bugprone-suspicious-include) */
#undef calloc
#undef realloc
#undef free

static void fix_salt(unsigned char salt[16])
{
    memset(salt, 7, 16);
}

/* What a run came to, as text; empty if memory was short. */
struct outcome {
    char text[64 * 1024];
};

static void add_outcome(struct outcome *outcome, const char *text)
{
    size_t used = strlen(outcome->text);

    cr_assert_lt(used + strlen(text) + 2, sizeof outcome->text);
    snprintf(outcome->text + used, sizeof outcome->text - used, "%s\n", text);
}

static bool describe_findings(const struct findings *findings, struct outcome *outcome)
{
    json_t *json = findings_to_json(findings, LANGUAGE_ZH);
    struct buffer text = BUFFER_WITH_LIMIT(60000);
    bool good = json && json_write_canonical(json, &text);

    if (good)
        add_outcome(outcome, text.data);
    buffer_free(&text);
    json_decref(json);
    return good;
}

static bool describe_figures(const struct document *document, struct arena *arena, struct outcome *outcome)
{
    const struct element_value *values = document_elements(document, arena);
    char number[DECIMAL_TEXT_SIZE], text[128];

    for (size_t i = 0; values && i < document->form->element_count; i++) {
        decimal_format(values[i].value, number);
        snprintf(text, sizeof text, "%s %d %s", document->form->elements[i].code, (int)values[i].state, number);
        add_outcome(outcome, text);
    }
    return values != NULL;
}

static bool describe_stored(const struct document *document, struct outcome *outcome)
{
    json_t *apart = NULL, *stored = personal_split(document, fix_salt, &apart);
    struct buffer text = BUFFER_WITH_LIMIT(60000);
    bool good = stored && json_write_canonical(stored, &text) && personal_join(stored, apart);

    if (good)
        add_outcome(outcome, text.data);
    buffer_free(&text);
    json_decref(stored);
    json_decref(apart);
    return good;
}

static bool describe_document(struct document *document, struct findings *findings, struct arena *arena,
                              struct outcome *outcome)
{
    struct buffer canonical = BUFFER_WITH_LIMIT(60000);
    bool good = document && !findings->out_of_memory && document_write_canonical(document, &canonical);

    if (good)
        add_outcome(outcome, canonical.data);
    buffer_free(&canonical);
    return good && describe_findings(findings, outcome) && describe_figures(document, arena, outcome) &&
           describe_stored(document, outcome);
}

static const char sent[] =
    "{\"form\":\"care-quarterly\",\"office\":\"yl-01\",\"period\":\"113Q2\",\"base\":1,\"fields\":{\"volunteers.m\":3,\"volunteers.f\":-1,\"nobody\":2},"
    "\"tables\":{\"visits\":[{\"title\":\"a\",\"host\":\"王\",\"length\":\"1.5\",\"people.m\":1,\"people.f\":1,\"people.x\":0,\"people.all\":3},"
    "{\"_row\":\"x\",\"held_on\":\"2024-01-01\",\"setting\":\"nowhere\",\"topics\":[\"care\",\"x\"],\"strange\":[1,{\"a\":2}]},{\"title\":\"a\"},{\"title\":\"a\"}]},"
    "\"notes\":{\"tables.visits[x]\":\"why\",\"tables.visits[y]\":\"what\",\"document\":7}}";

/* One run from bytes to figures. True if it had memory to the end. */
static bool run_document(const struct plan *plan, size_t arena_limit, struct outcome *outcome)
{
    struct arena *arena = arena_new(arena_limit);
    struct findings findings = FINDINGS_IN(arena);
    json_t *json = arena ? parse_spared(sent) : NULL;
    struct document *document = json ? document_judge(plan, json, &findings) : NULL;
    bool good = describe_document(document, &findings, arena, outcome);

    document_release(document);
    arena_free(arena);
    return good;
}

static const char csv[] =
    "\xef\xbb\xbf#form,care-quarterly\n#office,yl-01\n#period,113Q2\n#note,document,\"a, b\"\n#fields\ncode,value,note,odd\nvolunteers.m,\"1,234\",n\n"
    "volunteers.f,x\n#table,visits\n名稱,日期,時數,地點類型,主題,人次（男）,_row,單位\na,113/4/2,1.50,會館,照顧、安全,12,r1\n"
    "b,113/7/2,未到：x,nowhere,照顧、x,1.5\nc,,,,,,,,stray\xff\n#table,other\n";

static bool run_csv(const struct plan *plan, size_t arena_limit, struct outcome *outcome)
{
    struct arena *arena = arena_new(arena_limit);
    struct findings findings = FINDINGS_IN(arena);
    struct identity given = {.office = "yl-02", .base = 1};
    struct cell_places *places = NULL;
    struct grid grid;
    json_t *json = arena && grid_read_csv(csv, sizeof csv - 1, &findings, &grid)
                       ? grid_to_document(plan, &grid, &given, &findings, &places)
                       : NULL;
    struct buffer written = BUFFER_WITH_LIMIT(60000);
    bool good = json && csv_write_document(plan, json, LANGUAGE_EN, &written);

    if (good)
        add_outcome(outcome, written.data);
    buffer_free(&written);

    struct document *document = json ? document_judge(plan, json, &findings) : NULL;

    if (json)
        findings_locate(&findings, places);
    good = describe_document(document, &findings, arena, outcome) && good;
    document_release(document);
    arena_free(arena);
    return good;
}

/* A flat ODS file with about the same in it. */
#define CELL(text) "<t:table-cell o:value-type='string'><x:p>" text "</x:p></t:table-cell>"
#define ROW(cells) "<t:table-row>" cells "</t:table-row>"

static const char sheets[] =
    "<o:document xmlns:o='urn:oasis:names:tc:opendocument:xmlns:office:1.0' "
    "xmlns:t='urn:oasis:names:tc:opendocument:xmlns:table:1.0' xmlns:x='urn:oasis:names:tc:opendocument:xmlns:text:1.0'>"
    "<t:table t:name='first'>" ROW(CELL("title")) ROW(CELL("#form") CELL("care-quarterly")) ROW(CELL("#period") CELL(
        "113Q2")) ROW(CELL("## remark")) ROW(CELL("#fields")) ROW(CELL("code") CELL("value") CELL("note"))
        ROW(CELL("volunteers.m") "<t:table-cell o:value-type='float' o:value='1.2E+3'/>" CELL("n"))
            ROW(CELL("volunteers.f") "<t:table-cell t:formula='of:=1'/>") "</t:table><t:table t:name='visits'>" ROW(
                CELL("名稱") CELL("時數（小時）") CELL("odd"))
                ROW(CELL("a") "<t:table-cell o:value-type='float' o:value='1.5' t:number-columns-repeated='2'/>") "</t:table><t:table t:name='other'>" ROW(
                    CELL("x")) "</t:table></o:document>";

static bool run_sheets(const struct plan *plan, size_t arena_limit, struct outcome *outcome)
{
    struct arena *arena = arena_new(arena_limit);
    struct findings findings = FINDINGS_IN(arena);
    struct identity given = {.office = "yl-01", .base = 1};
    struct cell_places *places = NULL;
    struct grid grid;
    json_t *json = arena && grid_read_file(sheets, sizeof sheets - 1, &findings, &grid)
                       ? grid_to_document(plan, &grid, &given, &findings, &places)
                       : NULL;
    struct document *document = json ? document_judge(plan, json, &findings) : NULL;

    if (json)
        findings_locate(&findings, places);

    bool good = describe_document(document, &findings, arena, outcome);

    document_release(document);
    arena_free(arena);
    return good;
}

typedef bool run(const struct plan *plan, size_t arena_limit, struct outcome *outcome);

static struct outcome reference, outcome;

static void fail_each_allocation(run *run_it, size_t at_least)
{
    struct plan *plan = load_plan(yunling_plan);
    size_t failed = 0;

    cr_assert(run_it(plan, 1024 * 1024, &reference));
    json_set_alloc_funcs(failing_malloc, counting_free);
    live = 0;
    for (allowed = 0;; allowed++) {
        asked = 0;
        outcome.text[0] = '\0';

        bool good = run_it(plan, 1024 * 1024, &outcome);

        cr_assert_eq(live, 0, "allocation %zu failing: %zu are never freed", allowed, live);
        if (good)
            cr_assert_str_eq(outcome.text, reference.text, "allocation %zu failing", allowed);
        if (asked <= allowed)
            break;
        failed++;
    }
    cr_assert_geq(failed, at_least, "only %zu allocations were seen to fail", failed);
    cr_assert(strlen(outcome.text) > 0, "the last run had all it needed");
}

static void reach_each_limit(run *run_it, size_t at_least)
{
    struct plan *plan = load_plan(yunling_plan);
    size_t short_of = 0;

    cr_assert(run_it(plan, 1024 * 1024, &reference));
    json_set_alloc_funcs(failing_malloc, counting_free);
    live = 0;
    for (size_t limit = 0; limit < 256 * 1024; limit += 16) {
        outcome.text[0] = '\0';

        bool good = run_it(plan, limit, &outcome);

        cr_assert_eq(live, 0, "an arena of %zu: %zu are never freed", limit, live);
        if (good) {
            cr_assert_str_eq(outcome.text, reference.text, "an arena of %zu", limit);
            break;
        }
        short_of++;
    }
    cr_assert_geq(short_of, at_least, "only %zu limits were too small", short_of);
    cr_assert_str_eq(outcome.text, reference.text);
}

Test(torture, a_document_is_judged_whole_or_not_at_all_whichever_allocation_fails)
{
    fail_each_allocation(run_document, 100);
}

Test(torture, a_document_is_judged_whole_or_not_at_all_if_one_allocation_fails_and_the_next_succeeds)
{
    only_one = true;
    fail_each_allocation(run_document, 100);
}

Test(torture, a_csv_is_read_whole_or_not_at_all_if_one_allocation_fails_and_the_next_succeeds)
{
    only_one = true;
    fail_each_allocation(run_csv, 100);
}

Test(torture, a_csv_is_read_whole_or_not_at_all_whichever_allocation_fails)
{
    fail_each_allocation(run_csv, 100);
}

Test(torture, a_spreadsheet_is_read_whole_or_not_at_all_whichever_allocation_fails)
{
    fail_each_allocation(run_sheets, 100);
}

Test(torture, a_spreadsheet_is_read_whole_or_not_at_all_if_one_allocation_fails_and_the_next_succeeds)
{
    only_one = true;
    fail_each_allocation(run_sheets, 100);
}

Test(torture, a_spreadsheet_is_read_whole_or_not_at_all_however_small_the_arena)
{
    reach_each_limit(run_sheets, 100);
}

Test(torture, a_document_is_judged_whole_or_not_at_all_however_small_the_arena)
{
    reach_each_limit(run_document, 100);
}

Test(torture, a_csv_is_read_whole_or_not_at_all_however_small_the_arena)
{
    reach_each_limit(run_csv, 100);
}

static void load_with_failures(const char *path, size_t fault_count)
{
    char *text = read_project_file(path, NULL);
    size_t failed = 0, loaded = 0, refused = 0;

    json_set_alloc_funcs(failing_malloc, counting_free);
    live = 0;
    for (allowed = 0;; allowed++) {
        asked = 0;
        json_t *json = parse_spared(text), *faults = NULL;
        struct plan *plan = json ? plan_load(json, &faults) : NULL;

        if (faults)
            cr_assert_eq(json_array_size(faults), fault_count, "allocation %zu failing", allowed);
        loaded += plan != NULL;
        refused += faults != NULL;
        plan_free(plan);
        json_decref(faults);
        json_decref(json);
        cr_assert_eq(live, 0, "allocation %zu failing: %zu are never freed", allowed, live);
        if (asked <= allowed)
            break;
        failed++;
    }
    cr_assert_geq(failed, 100);
    cr_assert_geq(fault_count ? refused : loaded, 1, "with all the memory it needs");
    cr_assert_eq(fault_count ? loaded : refused, 0);
    json_set_alloc_funcs(malloc, free);
    free(text);
}

Test(torture, a_plan_loads_whole_or_not_at_all_whichever_allocation_fails)
{
    for (int mode = 0; mode < 2; mode++) {
        only_one = mode;
        load_with_failures(small_plan, 0);
        load_with_failures("tests/support/plans/faulty/rule-of-unknown-column.json", 4);
    }
}
