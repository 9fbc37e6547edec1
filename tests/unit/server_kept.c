/* server_kept.c: answers kept while a snapshot stands are told apart by statement and parameters. */
#include "db/kept.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const struct db_statement one_statement = {"one", "select $1, $2", 2},
                                 other_statement = {"other", "select $1, $2", 2},
                                 bare_statement = {"bare", "select 1", 0};

/* An answer of one row with one text, which the caller clears. */
static PGresult *answer_with(const char *text)
{
    static char name[] = "text";
    PGresAttDesc column = {.name = name, .typlen = -1};
    PGresult *answer = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    char value[64];

    snprintf(value, sizeof value, "%s", text);
    cr_assert(answer && PQsetResultAttrs(answer, 1, &column) && PQsetvalue(answer, 0, 0, value, (int)strlen(value)));
    return answer;
}

static void keep(struct kept *kept, const struct db_statement *statement, const char *const *parameters,
                 const char *text)
{
    PGresult *answer = answer_with(text);

    kept_add(kept, statement, parameters, answer);
    PQclear(answer);
}

static void expect_kept(const struct kept *kept, const struct db_statement *statement, const char *const *parameters,
                        const char *text)
{
    PGresult *answer = kept_find(kept, statement, parameters);

    if (!text) {
        cr_expect_null(answer);
    } else {
        cr_assert_not_null(answer, "%s", text);
        cr_expect_eq(PQresultStatus(answer), PGRES_TUPLES_OK);
        cr_expect_eq(PQntuples(answer), 1);
        cr_expect_str_eq(PQgetvalue(answer, 0, 0), text);
        cr_expect_str_eq(PQfname(answer, 0), "text");
    }
    PQclear(answer);
}

#define PARAMETERS(...) ((const char *const[]){__VA_ARGS__})

Test(kept, an_answer_belongs_to_its_statement_and_each_of_its_parameters)
{
    struct kept *kept = kept_new();
    char first[] = "113";

    cr_assert_not_null(kept);
    expect_kept(kept, &one_statement, PARAMETERS(first, "latest"), NULL);
    keep(kept, &one_statement, PARAMETERS(first, "latest"), "latest of 113");
    keep(kept, &one_statement, PARAMETERS("113", "official"), "official of 113");
    keep(kept, &one_statement, PARAMETERS("113", NULL), "of none");
    keep(kept, &other_statement, PARAMETERS("113", "latest"), "another's");
    keep(kept, &bare_statement, NULL, "without parameters");
    memcpy(first, "999", sizeof "999"); /* what was asked with is kept, not where it stood */

    expect_kept(kept, &one_statement, PARAMETERS("113", "latest"), "latest of 113");
    expect_kept(kept, &one_statement, PARAMETERS("113", "official"), "official of 113");
    expect_kept(kept, &one_statement, PARAMETERS("113", NULL), "of none");
    expect_kept(kept, &other_statement, PARAMETERS("113", "latest"), "another's");
    expect_kept(kept, &bare_statement, NULL, "without parameters");
    expect_kept(kept, &one_statement, PARAMETERS(NULL, "latest"), NULL);
    expect_kept(kept, &one_statement, PARAMETERS("113", ""), NULL);
    expect_kept(kept, &one_statement, PARAMETERS("999", "latest"), NULL);
    expect_kept(kept, &other_statement, PARAMETERS("113", "official"), NULL);
    kept_free(kept);
}

Test(kept, nothing_is_kept_past_its_room_and_what_was_kept_stays)
{
    enum { MANY = 1000 };
    struct kept *kept = kept_new();
    char number[16];
    int found = 0;

    for (int i = 0; i < MANY; i++) {
        snprintf(number, sizeof number, "%d", i);
        keep(kept, &one_statement, PARAMETERS(number, NULL), number);
    }
    for (int i = 0; i < MANY; i++) {
        PGresult *answer;

        snprintf(number, sizeof number, "%d", i);
        answer = kept_find(kept, &one_statement, PARAMETERS(number, NULL));
        cr_expect(!answer || strcmp(PQgetvalue(answer, 0, 0), number) == 0, "%d", i);
        cr_expect(!answer || i == found, "%d is kept, the one before isn't", i);
        found += answer != NULL;
        PQclear(answer);
    }
    cr_expect(found > 0 && found < MANY, "%d kept", found);
    kept_free(kept);
    kept_free(NULL);
}
