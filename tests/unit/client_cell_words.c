/* client_cell_words.c: a person's words for the cells of a document. */
#include "cell_words.h"

#include "client_support.h"
#include "plan/plan.h"

static struct plan *plan;
static json_t *document, *paths;
static struct client client;

static void set_up(void)
{
    json_t *json, *faults;

    make_test_folder();
    json = json_load_file("common/plan/plans/taoyuan-112-115.json", 0, NULL);
    plan = plan_load(json, &faults);
    cr_assert_not_null(plan);
    json_decref(json);
    document = json_pack("{ss ss ss s{s[{ss ss si}{ss ss si}]}}", "form", "training-quarterly", "office", "68000070",
                         "period", "113Q2", "tables", "courses", "_row", "a1", "name", "x", "attendance.m", 1, "_row",
                         "b7", "name", "y", "attendance.m", 2);
    paths = json_array();
    client = (struct client){.language = LANGUAGE_ZH, .arena = memory};
}

static void tear_down(void)
{
    json_decref(paths);
    json_decref(document);
    plan_free(plan);
    remove_test_folder();
}

TestSuite(client_cell_words, .init = set_up, .fini = tear_down, .timeout = 60);

/* The one path that the word means; NULL if it is refused. */
static const char *meant(const char *word)
{
    json_array_clear(paths);
    if (cell_words_find(&client, plan, document, word, paths) != EXIT_DONE)
        return NULL;
    cr_assert_eq(json_array_size(paths), 1);
    return json_string_value(json_array_get(paths, 0));
}

Test(client_cell_words, rows_columns_and_tables_are_meant_by_path_code_or_name)
{
    static const char *const words[] = {"tables.courses[a1].attendance.m", "courses[a1].attendance.m",
                                        "COURSES[a1].attendance.m", " courses[a1].attendance.m "};

    for (size_t i = 0; i < COUNT(words); i++)
        cr_expect_str_eq(meant(words[i]), "tables.courses[a1].attendance.m", "%s", words[i]);
    cr_expect_str_eq(meant("courses[b7]"), "tables.courses[b7]");
    cr_expect_str_eq(meant("tables.courses"), "tables.courses");
    cr_expect_str_eq(meant("參加人次（男）"), "tables.outreach.attendance.m");
}

Test(client_cell_words, a_field_is_meant_by_its_name_whatever_the_width_of_its_brackets)
{
    json_object_set_new(document, "form", json_string("training-annual"));
    json_object_set_new(document, "period", json_string("113"));
    json_object_del(document, "tables");
    cr_expect_str_eq(meant("一般公務人員總人數（男）"), "fields.general.staff.m");
    cr_expect_str_eq(meant("一般公務人員總人數(男)"), "fields.general.staff.m");
    cr_expect_str_eq(meant("一般公務人員總人數 （女）"), "fields.general.staff.f");
    cr_expect_str_eq(meant("general.staff.m"), "fields.general.staff.m");
}

Test(client_cell_words, what_is_not_there_is_refused)
{
    static const char *const words[] = {"courses[zz].hours", "courses[a1].hour", "", " ", "fields.general.staff.m"};

    for (size_t i = 0; i < COUNT(words); i++)
        cr_expect_null(meant(words[i]), "%s", words[i]);
}

Test(client_cell_words, a_word_longer_than_any_place_is_refused)
{
    char word[6000];

    memset(word, 'x', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    cr_expect_null(meant(word));
}
