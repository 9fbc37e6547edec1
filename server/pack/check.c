/* check.c: a frozen pack against the same made again at its moment. */
#include <string.h>

#include "base/json.h"
#include "pack/changes.h"
#include "pack/pack.h"
#include "paper/release.h"
#include "paper/write.h"

/* The meeting that a pack was for, by its sources; NULL: none. Earlier releases didn't mark it: of theirs it is the last one of
 * the pack's year. */
static const char *occasion_of(const json_t *sources, int year)
{
    json_t *meetings = json_object_get(sources, "meeting"), *one;
    const char *id, *found = NULL, *found_day = NULL;

    json_object_foreach(meetings, id, one) {
        const json_t *occasion = json_object_get(one, "occasion");
        const char *day = json_text_member(one, "day");
        struct date date;

        if (json_is_true(occasion))
            return id;
        if (occasion || !day || !date_parse_iso(day, &date) || date.year - ROC_EPOCH != year ||
            (found_day && strcmp(day, found_day) < 0))
            continue;
        found = id;
        found_day = day;
    }
    return found;
}

bool pack_question_of(struct shelf *shelf, const char *jurisdiction, const json_t *pack, const json_t *sources,
                      bool sample, struct pack_question *ret_question)
{
    const char *body = json_text_member(pack, "body"), *language = json_text_member(pack, "language");
    const struct plan_version *version = shelf_version(shelf, jurisdiction, json_text_member(pack, "plan"),
                                                       (int)json_integer_value(json_object_get(pack, "plan_version")));
    size_t place;

    *ret_question =
        (struct pack_question){.version = version,
                               .body = version ? plan_body(version->plan, body) : NULL,
                               .unit = json_text_member(pack, "unit"),
                               .year = (int)json_integer_value(json_object_get(pack, "year")),
                               .meeting = json_text_member(pack, "meeting"),
                               .made_again = true,
                               .occasion = occasion_of(sources, (int)json_integer_value(json_object_get(pack, "year"))),
                               .basis = json_text_member(pack, "basis"),
                               .language = strcmp(language, "en") == 0 ? LANGUAGE_EN : LANGUAGE_ZH,
                               .log_sequence = (uint64_t)json_integer_value(json_object_get(pack, "log_sequence")),
                               .sample = sample,
                               .minutes = strcmp(json_text_member(pack, "of"), "minutes") == 0};
    return version && ret_question->body && timestamp_parse(json_text_member(pack, "as_of"), &ret_question->as_of) &&
           body_unit_find(version->plan, ret_question->body, ret_question->unit, ret_question->year, &place) &&
           body_unit_at(version->plan, ret_question->body, place, ret_question->year, &ret_question->unit,
                        &ret_question->unit_name);
}

struct db_context pack_context_of(const json_t *pack, const char *jurisdiction, const char *actor)
{
    const char *role = json_text_member(pack, "seen_as");

    return (struct db_context){.jurisdiction = jurisdiction,
                               .role = role,
                               .office = strcmp(role, "office") == 0 ? json_text_member(pack, "unit") : "",
                               .token = actor};
}

/* The digest of a frozen file; NULL: there is none in this format. */
static const char *frozen_digest(const json_t *pack, const char *format)
{
    const json_t *file;
    size_t i;

    json_array_foreach(json_object_get(pack, "files"), i, file)
        if (strcmp(json_text_member(file, "format"), format) == 0)
            return json_text_member(file, "sha256");
    return NULL;
}

static json_t *compare_file(const json_t *pack, const char *format, const struct buffer *file, bool stored)
{
    const char *frozen = frozen_digest(pack, format);
    struct digest digest = digest_of(file->data ? file->data : "", file->length);
    char made[DIGEST_TEXT_SIZE];

    digest_format(&digest, made);
    return json_pack("{ss ss? ss? sb sb}", "format", format, "frozen_sha256", frozen, "made_sha256",
                     file->length ? made : NULL, "stored", stored, "same",
                     stored && (file->length ? frozen && strcmp(frozen, made) == 0 : frozen == NULL));
}

bool pack_is_of_this_release(const json_t *pack)
{
    const char *release = paper_release(), *frozen = json_text_member(pack, "release");

    return release && frozen && strcmp(release, frozen) == 0;
}

/* The next character of a text that belongs to a figure; the text's end if there is none. */
static const char *next_of_figure(const char *text)
{
    return text + strcspn(text, "0123456789.-");
}

/* Whether two texts tell the same figures, in whatever words: "92.10%（12/13）" and "92.10% (12/13)". */
static bool same_figures_in(const char *one, const char *other)
{
    for (one = next_of_figure(one), other = next_of_figure(other); *one && *one == *other;)
        one = next_of_figure(one + 1), other = next_of_figure(other + 1);
    return *one == *other;
}

/* Whether a cell of figures that both have holds another figure. */
static bool cell_differs(const json_t *cell)
{
    const char *holding = json_text_member(cell, "holding"), *before = json_text_member(cell, "before"),
               *after = json_text_member(cell, "after");

    return holding && strcmp(holding, "words") != 0 && before && after && !same_figures_in(before, after);
}

/* Whether no cell of a table that both have holds another figure. */
static bool figures_agree(const json_t *frozen, const struct pack_making *making)
{
    json_t *made = paper_to_json(making->paper),
           *changes = made ? pack_changes(frozen, made, making->question->version->plan) : NULL;
    const json_t *table, *row, *cell;
    bool agree = changes != NULL;
    size_t t, r, c;

    json_array_foreach(json_object_get(changes, "tables"), t, table)
        json_array_foreach(json_object_get(table, "rows"), r, row)
            json_array_foreach(json_object_get(row, "cells"), c, cell)
                agree = agree && !cell_differs(cell);
    json_decref(changes);
    json_decref(made);
    return agree;
}

enum pack_likeness pack_likeness_of(const json_t *pack, const json_t *frozen, const struct pack_making *making,
                                    const struct digest *model)
{
    char made[DIGEST_TEXT_SIZE];

    digest_format(model, made);
    if (strcmp(json_text_member(pack, "model_sha256"), made) == 0)
        return PACK_IS_SAME;
    return !pack_is_of_this_release(pack) && frozen && figures_agree(frozen, making) ? PACK_SAME_FIGURES
                                                                                     : PACK_IS_ANOTHER;
}

json_t *pack_compare(const json_t *pack, bool same_figures, const struct digest *model, const struct pack_files *files,
                     const bool stored[static PACK_FORMAT_COUNT])
{
    char made[DIGEST_TEXT_SIZE];
    json_t *list = json_array();

    digest_format(model, made);
    for (int i = 0; list && i < PACK_FORMAT_COUNT; i++)
        json_array_append_new(list, compare_file(pack, pack_format_words[i], &files->files[i], stored[i]));
    return json_pack("{sO sb ss? sb ss so}", "pack", json_object_get(pack, "pack"), "same_release",
                     pack_is_of_this_release(pack), "release", paper_release(), "same_figures", same_figures,
                     "model_sha256", made, "files", list);
}
