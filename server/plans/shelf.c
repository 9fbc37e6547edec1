/* shelf.c: plan versions in memory. They are few and never change, so readers keep plain pointers. */
#include "plans/shelf.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

enum { PLAN_VALUES = 4 * 1024 * 1024 };

struct shelf {
    pthread_rwlock_t lock;
    struct plan_version **versions; /* by jurisdiction, plan, version */
    size_t count, capacity;
    atomic_size_t shown_count; /* readable without the lock */
};

struct shelf *shelf_new(void)
{
    struct shelf *shelf = calloc(1, sizeof *shelf);

    if (shelf)
        pthread_rwlock_init(&shelf->lock, NULL);
    return shelf;
}

void shelf_free(struct shelf *shelf)
{
    if (!shelf)
        return;
    for (size_t i = 0; i < shelf->count; i++) {
        plan_free((struct plan *)(uintptr_t)shelf->versions[i]->plan);
        free(shelf->versions[i]);
    }
    free(shelf->versions);
    pthread_rwlock_destroy(&shelf->lock);
    free(shelf);
}

static const struct plan_version *find_locked(const struct shelf *shelf, const char *jurisdiction, const char *plan,
                                              int version, const timestamp *moment)
{
    const struct plan_version *first = NULL, *best = NULL;

    for (size_t i = 0; i < shelf->count; i++) {
        const struct plan_version *one = shelf->versions[i];

        if (strcmp(one->jurisdiction, jurisdiction) != 0 || strcmp(one->plan->code, plan) != 0)
            continue;
        if (version) {
            if (one->version == version)
                return one;
            continue;
        }
        if (!first || one->version < first->version)
            first = one;
        if ((!moment || one->recorded_at <= *moment) && (!best || one->version > best->version))
            best = one;
    }
    return best ? best : first;
}

const struct plan_version *shelf_find(struct shelf *shelf, const char *jurisdiction, const char *plan,
                                      const timestamp *moment)
{
    pthread_rwlock_rdlock(&shelf->lock);
    const struct plan_version *found = find_locked(shelf, jurisdiction, plan, 0, moment);
    pthread_rwlock_unlock(&shelf->lock);
    return found;
}

const struct plan_version *shelf_version(struct shelf *shelf, const char *jurisdiction, const char *plan, int version)
{
    pthread_rwlock_rdlock(&shelf->lock);
    const struct plan_version *found = find_locked(shelf, jurisdiction, plan, version, NULL);
    pthread_rwlock_unlock(&shelf->lock);
    return found;
}

size_t shelf_count(const struct shelf *shelf)
{
    return atomic_load(&shelf->shown_count);
}

size_t shelf_list(struct shelf *shelf, const char *jurisdiction, const struct plan_version **ret_versions, size_t most)
{
    size_t count = 0;

    pthread_rwlock_rdlock(&shelf->lock);
    for (size_t i = 0; i < shelf->count && count < most; i++) {
        const struct plan_version *one = shelf->versions[i];

        if (strcmp(one->jurisdiction, jurisdiction) == 0 && one->version == 1)
            ret_versions[count++] = find_locked(shelf, jurisdiction, one->plan->code, 0, NULL);
    }
    pthread_rwlock_unlock(&shelf->lock);
    for (size_t i = 1; i < count; i++) /* few: insertion by code */
        for (size_t k = i; k > 0 && strcmp(ret_versions[k - 1]->plan->code, ret_versions[k]->plan->code) > 0; k--) {
            const struct plan_version *swap = ret_versions[k];

            ret_versions[k] = ret_versions[k - 1];
            ret_versions[k - 1] = swap;
        }
    return count;
}

bool shelf_some(struct shelf *shelf, const char *jurisdiction,
                bool (*holds)(const struct plan_version *version, const void *what), const void *what)
{
    bool found = false;

    pthread_rwlock_rdlock(&shelf->lock);
    for (size_t i = 0; i < shelf->count && !found; i++)
        found = strcmp(shelf->versions[i]->jurisdiction, jurisdiction) == 0 && holds(shelf->versions[i], what);
    pthread_rwlock_unlock(&shelf->lock);
    return found;
}

/* Reads one plan document and gives its elements the store's positions. */
static struct plan *read_plan(const char *document, const char *plan_code, const PGresult *elements)
{
    struct json_fault fault;
    json_t *json = json_parse_strict(document, strlen(document), PLAN_VALUES, &fault), *faults = NULL;
    struct plan *plan = json ? plan_load(json, &faults) : NULL;

    json_decref(json);
    json_decref(faults);
    if (!plan)
        return NULL;
    for (int i = 0; i < PQntuples(elements); i++) {
        if (strcmp(PQgetvalue(elements, i, 1), plan_code) != 0 ||
            strcmp(PQgetvalue(elements, i, 0), plan->jurisdiction) != 0)
            continue;
        const struct form *form = plan_form(plan, PQgetvalue(elements, i, 2));
        const struct element *element = form ? form_element(form, PQgetvalue(elements, i, 4)) : NULL;

        if (element)
            form->elements[element->index].position = (int)result_int64(elements, i, 3);
    }
    return plan;
}

static bool add_version(struct shelf *shelf, struct plan_version *version)
{
    if (shelf->count == shelf->capacity) {
        size_t capacity = shelf->capacity ? shelf->capacity * 2 : 16;
        struct plan_version **versions = realloc(shelf->versions, capacity * sizeof(struct plan_version *));

        if (!versions)
            return false;
        shelf->versions = versions;
        shelf->capacity = capacity;
    }
    shelf->versions[shelf->count++] = version;
    atomic_store(&shelf->shown_count, shelf->count);
    return true;
}

static void load_version(struct shelf *shelf, const PGresult *rows, int row, const PGresult *elements)
{
    struct plan_version *version = calloc(1, sizeof *version);
    struct plan *plan = version ? read_plan(PQgetvalue(rows, row, 4), PQgetvalue(rows, row, 1), elements) : NULL;

    if (plan) {
        version->plan = plan;
        version->jurisdiction = plan->jurisdiction;
        version->version = (int)result_int64(rows, row, 2);
        version->recorded_at = result_int64(rows, row, 3);
        bytea_parse(PQgetvalue(rows, row, 5), version->sha256.bytes, DIGEST_SIZE);
        if (add_version(shelf, version))
            return;
    }
    plan_free(plan);
    free(version);
}

enum db_status shelf_refresh(struct shelf *shelf, struct db *db)
{
    static const struct db_statement all_versions = {
        "all_plan_versions",
        "select jurisdiction, plan, version, tributary.micros(recorded_at), document, sha256"
        " from tributary.plan_version order by jurisdiction, plan, version",
        0};
    static const struct db_statement count_versions = {"count_plan_versions",
                                                       "select count(*) from tributary.plan_version", 0};
    static const struct db_statement all_elements = {
        "all_elements", "select jurisdiction, plan, form, position, code from tributary.element", 0};
    PGresult *counted = NULL, *rows = NULL, *elements = NULL;
    enum db_status status = db_run(db, &count_versions, NULL, &counted);

    pthread_rwlock_wrlock(&shelf->lock);
    if (status == DB_OK && (size_t)result_int64(counted, 0, 0) > shelf->count) {
        status = db_run(db, &all_versions, NULL, &rows);
        if (status == DB_OK)
            status = db_run(db, &all_elements, NULL, &elements);
        for (int i = 0; status == DB_OK && i < PQntuples(rows); i++)
            if (!find_locked(shelf, PQgetvalue(rows, i, 0), PQgetvalue(rows, i, 1), (int)result_int64(rows, i, 2),
                             NULL))
                load_version(shelf, rows, i, elements);
    }
    pthread_rwlock_unlock(&shelf->lock);
    PQclear(counted);
    PQclear(rows);
    PQclear(elements);
    return status;
}
