/* common_support.h: what the unit tests of common/ share: files of the project, plans, judging a document. */
#ifndef TRIBUTARY_TESTS_COMMON_SUPPORT_H
#define TRIBUTARY_TESTS_COMMON_SUPPORT_H

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "form/document.h"
#include "plan/plan.h"

#define COUNT(items) (sizeof(items) / sizeof *(items))

enum { JUDGED_MEMORY = 64 * 1024 * 1024, MOST_JSON_VALUES = 1024 * 1024 };

static const char small_plan[] = "tests/support/plans/small-112-113.json";
static const char yunling_plan[] = "tests/support/plans/yunling-113-116.json";
static const char taoyuan_plan[] = "common/plan/plans/taoyuan-112-115.json";

/* Reads a file of the project; the caller frees it. Tests run in the project's top folder, or TRIBUTARY_ROOT names it. */
static inline char *read_project_file(const char *path, size_t *ret_length)
{
    const char *root = getenv("TRIBUTARY_ROOT");
    char full[4096];

    snprintf(full, sizeof full, "%s/%s", root ? root : ".", path);

    FILE *file = fopen(full, "rb");

    cr_assert_not_null(file, "%s must be readable from the project's top folder", full);

    char *bytes = NULL;
    size_t length = 0, got;

    do {
        bytes = realloc(bytes, length + 65537);
        cr_assert_not_null(bytes);
        got = fread(bytes + length, 1, 65536, file);
        length += got;
    } while (got > 0);
    bytes[length] = '\0';
    fclose(file);
    if (ret_length)
        *ret_length = length;
    return bytes;
}

static inline json_t *parse_json(const char *text)
{
    struct json_fault fault;
    json_t *json = json_parse_strict(text, strlen(text), MOST_JSON_VALUES, &fault);

    cr_assert_not_null(json, "test JSON: %s in %s", fault.text, text);
    return json;
}

/* JSON written with ' for ", as the tests' tables do. */
static inline json_t *parse_quoted(const char *text)
{
    char *copy = strdup(text);

    for (char *p = copy; *p; p++)
        if (*p == '\'')
            *p = '"';
    json_t *json = parse_json(copy);

    free(copy);
    return json;
}

static inline json_t *parse_project_file(const char *path)
{
    char *text = read_project_file(path, NULL);
    json_t *json = parse_json(text);

    free(text);
    return json;
}

static inline struct plan *load_plan(const char *path)
{
    json_t *json = parse_project_file(path), *faults = NULL;
    struct plan *plan = plan_load(json, &faults);

    cr_assert_not_null(plan, "%s: %s", path, faults ? json_dumps(faults, JSON_ENCODE_ANY) : "out of memory");
    json_decref(json);
    return plan;
}

/* A document with the memory and the findings it needs. */
struct judged {
    struct arena *arena;
    struct findings findings;
    struct document *document;
};

/* Takes `json` over. */
static inline struct judged judge_json(const struct plan *plan, json_t *json)
{
    struct judged judged = {.arena = arena_new(JUDGED_MEMORY)};

    judged.findings = FINDINGS_IN(judged.arena);
    judged.document = document_judge(plan, json, &judged.findings);
    cr_assert_not(judged.findings.out_of_memory);
    return judged;
}

static inline struct judged judge_text(const struct plan *plan, const char *text)
{
    return judge_json(plan, parse_json(text));
}

static inline void release_judged(struct judged *judged)
{
    document_release(judged->document);
    arena_free(judged->arena);
}

/* The findings as "code path; code path", in the order they came; the caller frees it. */
static inline char *list_findings(const struct findings *findings)
{
    struct buffer text = BUFFER_WITH_LIMIT(1024 * 1024);

    for (size_t i = 0; i < findings->count; i++)
        buffer_append_format(&text, "%s%s %s", i ? "; " : "", finding_entry(findings->items[i].code)->code,
                             findings->items[i].path);
    return buffer_take(&text, NULL);
}

/* Every finding has a sentence in both languages with nothing left to fill in and nothing missing. */
static inline void expect_whole_messages(const struct findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];

        for (int language = LANGUAGE_ZH; language <= LANGUAGE_EN; language++) {
            const char *wording =
                finding->message ? finding->message->text[language] : finding_entry(finding->code)->wording[language];
            const char *message = finding_message(findings->arena, finding, (enum language)language);

            cr_expect_not_null(message);
            cr_expect(message && *message && !strstr(message, "{label}") && !strstr(message, "{expected}") &&
                          !strstr(message, "{found}"),
                      "%s: %s", finding->path, message);
            cr_expect(finding->found || !strstr(wording, "{found}"), "%s: nothing found in %s", finding->path, message);
            cr_expect(finding->expected || !strstr(wording, "{expected}"), "%s: nothing expected in %s", finding->path,
                      message);
        }
    }
}

static inline const struct finding *find_finding(const struct findings *findings, enum finding_code code,
                                                 const char *path)
{
    for (size_t i = 0; i < findings->count; i++)
        if (findings->items[i].code == code && (!path || strcmp(findings->items[i].path, path) == 0))
            return &findings->items[i];
    return NULL;
}

/* The canonical form of any JSON; the caller frees it. */
static inline char *canonical_text(const json_t *json)
{
    struct buffer out = BUFFER_WITH_LIMIT(16 * 1024 * 1024);

    cr_assert(json_write_canonical(json, &out));
    return buffer_take(&out, NULL);
}

#endif
