/* verify.c: packs made again. */
#include "pack/verify.h"

#include <string.h>

#include "base/json.h"
#include "pack/pack.h"

enum { MAKING_MEMORY = 512 * 1024 * 1024, PACKS_AT_A_TIME = 100 };

static void tell_likeness(const json_t *pack, enum pack_likeness likeness, struct verification *verification)
{
    const char *id = json_text_member(pack, "pack");

    if (likeness == PACK_IS_ANOTHER)
        verification_fault(verification, "pack %s: made again at its moment, it says something else", id);
    else if (likeness == PACK_SAME_FIGURES)
        verification_notice(verification,
                            "pack %s: another release (%s) froze it; made again its figures are the same,"
                            " some words or their layout aren't",
                            id, json_text_member(pack, "release"));
}

/* Inside a snapshot of the maker's. */
static enum db_status make_again(struct db *db, struct shelf *shelf, const char *jurisdiction, const json_t *pack,
                                 struct verification *verification)
{
    const char *id = json_text_member(pack, "pack");
    struct arena *arena = arena_new(MAKING_MEMORY);
    struct pack_making making = {.sources = NULL};
    struct pack_question question;
    struct digest model;
    json_t *frozen = NULL;
    bool sample, known = false;
    enum db_status status = arena ? pack_model_read(db, id, &frozen) : DB_FAILED;

    if (status == DB_OK && !frozen)
        verification_fault(verification, "pack %s: what it says can't be read: its JSON file isn't the frozen one", id);
    if (frozen) {
        sample = json_text_member(json_object_get(frozen, "head"), "sample") != NULL;
        known = pack_question_of(shelf, jurisdiction, pack, json_object_get(frozen, "sources"), sample, &question);
        if (!known)
            verification_fault(verification, "pack %s: its plan has no such version, body or unit", id);
        else
            status = making_run(db, &question, arena, &making);
    }
    if (known && status == DB_OK) {
        enum pack_likeness likeness =
            making_digest(&making, &model) ? pack_likeness_of(pack, frozen, &making, &model) : PACK_IS_ANOTHER;

        tell_likeness(pack, likeness, verification);
    }
    making_end(&making);
    json_decref(frozen);
    arena_free(arena);
    return status;
}

/* The packs older than `after` (NULL: the newest ones), as somebody sees them who may read all. */
static enum db_status read_packs(struct db *db, const char *jurisdiction, const char *after, json_t **ret_list)
{
    const struct db_context auditor = {.jurisdiction = jurisdiction, .role = "auditor", .office = "", .token = ""};
    struct pack_filter filter = {.after = after, .limit = PACKS_AT_A_TIME - 1};
    enum db_status status = db_snapshot_begin(db, &auditor);

    if (status == DB_OK)
        status = packs_list(db, &filter, ret_list);
    db_snapshot_end(db);
    return status;
}

static enum db_status verify_one(struct db *db, struct shelf *shelf, const char *jurisdiction, const json_t *pack,
                                 struct verification *verification)
{
    struct db_context context = pack_context_of(pack, jurisdiction, "");
    enum db_status status = db_snapshot_begin(db, &context);

    if (status == DB_OK)
        status = make_again(db, shelf, jurisdiction, pack, verification);
    db_snapshot_end(db);
    return status;
}

bool verify_packs(struct db *db, struct shelf *shelf, const char *jurisdiction, struct verification *verification,
                  size_t *ret_count)
{
    char after[24] = "";
    enum db_status status = shelf_refresh(shelf, db);

    *ret_count = 0;
    for (bool more = true; more && status == DB_OK;) {
        json_t *list = NULL, *pack;
        size_t i;

        status = read_packs(db, jurisdiction, *after ? after : NULL, &list);
        more = json_array_size(list) == PACKS_AT_A_TIME;
        json_array_foreach(list, i, pack) {
            verification_progress(verification, jurisdiction, "packs made again", *ret_count, 0);
            if (status == DB_OK)
                status = verify_one(db, shelf, jurisdiction, pack, verification);
            snprintf(after, sizeof after, "%lld", (long long)json_integer_value(json_object_get(pack, "sequence")));
            (*ret_count)++;
        }
        json_decref(list);
    }
    return status == DB_OK;
}
