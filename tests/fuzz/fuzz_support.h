/* fuzz_support.h: what the fuzz targets share: a claim that must hold, and plans of the project, loaded once. */
#ifndef TRIBUTARY_TESTS_FUZZ_SUPPORT_H
#define TRIBUTARY_TESTS_FUZZ_SUPPORT_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "form/document.h"
#include "plan/plan.h"

enum { MEMORY = 64 * 1024 * 1024, MOST_VALUES = 20000, PLAN_COUNT = 2 };

/* Ends the target at once, so that the fuzzer keeps the input. */
#define CLAIM(truth)                                                                                                   \
    do {                                                                                                               \
        if (!(truth)) {                                                                                                \
            fprintf(stderr, "%s:%d: doesn't hold: %s\n", __FILE__, __LINE__, #truth);                                  \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The plans are kept for the life of the process. Targets run in the project's top folder, or TRIBUTARY_ROOT names it. */
static inline struct plan *fuzz_plan(size_t index)
{
    static const char *const paths[PLAN_COUNT] = {"tests/support/plans/yunling-113-116.json",
                                                  "common/plan/plans/taoyuan-112-115.json"};
    static struct plan *plans[PLAN_COUNT];
    const char *root = getenv("TRIBUTARY_ROOT");
    char path[4096];
    json_t *json, *faults;

    if (plans[index])
        return plans[index];
    snprintf(path, sizeof path, "%s/%s", root ? root : ".", paths[index]);
    json = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
    CLAIM(json);
    plans[index] = plan_load(json, &faults);
    CLAIM(plans[index]);
    json_decref(json);
    return plans[index];
}

/* The canonical form; the caller frees it. NULL if the value holds a fraction. */
static inline char *fuzz_canonical(const json_t *json)
{
    struct buffer out = BUFFER_WITH_LIMIT(MEMORY);

    if (json_write_canonical(json, &out))
        return buffer_take(&out, NULL);
    CLAIM(!out.failed);
    buffer_free(&out);
    return NULL;
}

/* Every finding can be put into words and JSON, in both languages. */
static inline void claim_findings_are_whole(const struct findings *findings)
{
    for (int language = LANGUAGE_ZH; language <= LANGUAGE_EN; language++) {
        json_t *json = findings_to_json(findings, (enum language)language);

        CLAIM(json && json_array_size(json) == findings->count);
        json_decref(json);
    }
}

#endif
