/* making.c: which sections make up a pack, and filling a paper with them. */
#include "pack/making.h"

#include <string.h>

#include "base/json.h"
#include "pack/minutes.h"
#include "pack/occasion.h"
#include "paper/write.h"

enum { MOST_MODEL_BYTES = 64 * 1024 * 1024 };

#define SECTIONS_OF_FIGURES                                                                                            \
    section_reporting, section_indicators, section_trends, section_comparison, section_parts, section_rules,           \
        section_duties, section_reviews

/* What stands before and after the figures, in the order of the agenda (domain.md 8). */
#define SECTIONS_BEFORE section_cover, section_agenda, section_minutes, section_decisions, section_reports

static pack_section_fn *const task_group[] = {SECTIONS_BEFORE, SECTIONS_OF_FIGURES, section_proposals, NULL};
static pack_section_fn *const liaison[] = {SECTIONS_BEFORE, SECTIONS_OF_FIGURES, section_proposals, NULL};
static pack_section_fn *const special_group[] = {SECTIONS_BEFORE, section_rules, section_proposals, NULL};
static pack_section_fn *const promotion_group[] = {SECTIONS_BEFORE, SECTIONS_OF_FIGURES, section_proposals, NULL};
static pack_section_fn *const council[] = {SECTIONS_BEFORE, SECTIONS_OF_FIGURES, section_proposals, NULL};

pack_section_fn *const *pack_sections(const struct body *body)
{
    switch (body->kind) {
    case BODY_TASK_GROUP: return task_group;
    case BODY_LIAISON: return liaison;
    case BODY_SPECIAL_GROUP: return special_group;
    case BODY_DIVISION: return promotion_group;
    case BODY_COUNCIL: return council;
    case BODY_TEAM: return NULL;
    }
    return NULL;
}

/* ---- for sections ------------------------------------------------------------------------------------------------ */

bool making_failed(struct pack_making *making, enum db_status status)
{
    making->status = status == DB_OK ? DB_FAILED : status;
    return false;
}

const char *making_say(const struct pack_making *making, const char *chinese, const char *english)
{
    return making->question->language == LANGUAGE_ZH ? chinese : english;
}

const char *making_name(const struct pack_making *making, const struct name *name)
{
    return name ? name->text[making->question->language] : NULL;
}

const char *making_day(const struct pack_making *making, const char *moment, char ret_day[static DATE_TEXT_SIZE])
{
    timestamp time;

    ret_day[0] = '\0';
    if (moment && timestamp_parse(moment, &time))
        date_format_iso(calendar_day_of(&making->question->version->plan->calendar, time), ret_day);
    return ret_day;
}

void making_source(struct pack_making *making, const char *kind, const char *id, json_t *details)
{
    json_t *of_kind = json_object_get(making->sources, kind);

    if (!of_kind) {
        of_kind = json_object();
        json_object_set_new(making->sources, kind, of_kind);
    }
    if (json_object_set_new(of_kind, id, details ? details : json_object()) != 0)
        arena_note_shortage(making->arena);
}

static const char *basis_note(const struct pack_making *making)
{
    if (strcmp(making->question->basis, "official") == 0)
        return making_say(making, "計算基準：已核定之版本。", "Basis: official revisions.");
    return making_say(making, "計算基準：各機關最新送出之版本。", "Basis: each office’s latest revision.");
}

void making_note(struct pack_making *making, struct paper_table *table, const char *coverage)
{
    if (coverage)
        paper_note(table, coverage);
    paper_note(table, basis_note(making));
    paper_note(table, making->moment_note);
}

void making_chart_note(struct pack_making *making, struct paper_chart *chart, const char *coverage)
{
    if (coverage)
        chart_note(chart, coverage);
    chart_note(chart, basis_note(making));
    chart_note(chart, making->moment_note);
}

bool making_covers(const struct pack_making *making, const struct office *office)
{
    const struct pack_question *question = making->question;

    if (question->year < office->from || question->year > office->to)
        return false;
    return question->body->per == BODY_PER_UNIT ||
           body_unit_has(question->version->plan, question->body, question->unit, office->code, question->year);
}

/* ---- the paper --------------------------------------------------------------------------------------------------- */

/* A body's name behind its unit's, without what both say: "龜山區公所" and "區公所性別平等專案小組". */
static const char *joined(const struct pack_making *making, const char *unit, const char *body)
{
    size_t length = strlen(unit);

    for (size_t shared = length; shared > 0; shared--)
        if (strncmp(unit + length - shared, body, shared) == 0)
            return arena_format(making->arena, "%s%s", unit, body + shared);
    return arena_format(making->arena, "%s%s", unit, body);
}

static bool is_meeting(const char *name)
{
    static const char meeting[] = "會議";
    size_t length = strlen(name);

    return length >= strlen(meeting) && strcmp(name + length - strlen(meeting), meeting) == 0;
}

/* "113年度第1組性別平等業務聯繫會議", with "第2次" before it, or "第2次會議" behind what is no meeting by its name, where it meets
 * several times. */
static const char *title_of(const struct pack_making *making)
{
    const struct pack_question *question = making->question;
    const char *body = making_name(making, &question->body->name),
               *unit = question->unit ? making_name(making, question->unit_name) : NULL,
               *number = making->meeting ? occasion_number(making, making->meeting) : NULL;

    if (question->language == LANGUAGE_EN)
        return arena_format(making->arena, "%s%s%s, %d%s%s", body, unit ? ", " : "", unit ? unit : "",
                            question->year + ROC_EPOCH, number ? ", " : "", number ? number : "");
    if (number && is_meeting(body))
        return arena_format(making->arena, "%d年度%s%.*s%s", question->year, unit ? unit : "",
                            (int)(strlen(number) - strlen("會議")), number, body);
    return arena_format(making->arena, "%d年度%s%s", question->year, unit ? joined(making, unit, body) : body,
                        number ? number : "");
}

static struct paper *begin_paper(const struct pack_making *making)
{
    const struct pack_question *question = making->question;
    struct paper_head head = {
        .title = title_of(making),
        .subtitle = making_say(making, "會議資料", "Meeting papers"),
        .organisation = question->body->per == BODY_PER_OFFICE ? making_name(making, question->unit_name)
                                                               : occasion_secretariat(making),
        .date = making->meeting ? occasion_day(making, json_text_member(making->meeting, "day")) : NULL,
        .identifier = arena_format(making->arena, "%d-%s%s%s-%llu", question->year, question->body->code,
                                   question->unit ? "-" : "", question->unit ? question->unit : "",
                                   (unsigned long long)question->log_sequence),
        .moment = making->as_of,
        .sample = question->sample ? making_say(making, "合成樣本資料", "Synthetic sample data") : NULL,
        .language = question->language};

    return paper_in(making->arena, &head);
}

/* Fills the paper section by section. */
static bool run_sections(struct pack_making *making)
{
    pack_section_fn *const *section = pack_sections(making->question->body);
    bool good = true;

    if (!section)
        return making_failed(making, DB_FAILED);
    making->status = find_occasion(making);
    if (making->status != DB_OK)
        return false;
    making->paper = begin_paper(making);
    for (; good && *section; section++)
        good = (*section)(making);
    return good;
}

enum db_status making_run(struct db *db, const struct pack_question *question, struct arena *arena,
                          struct pack_making *ret_making)
{
    bool good;

    *ret_making =
        (struct pack_making){.db = db, .arena = arena, .question = question, .sources = json_object(), .status = DB_OK};
    timestamp_format(question->as_of, ret_making->as_of);
    ret_making->moment_note =
        arena_format(arena, question->language == LANGUAGE_ZH ? "資料時點：%s。" : "Figures as of %s.",
                     shown_moment(arena, ret_making->as_of, question->language));
    if (!ret_making->sources)
        return DB_FAILED;
    db_snapshot_keep(db); /* sections ask for much that another asked for */
    good = question->minutes ? minutes_fill(ret_making) : run_sections(ret_making);
    if (good && !paper_is_sound(ret_making->paper))
        making_failed(ret_making, DB_FAILED);
    return ret_making->status;
}

void making_end(struct pack_making *making)
{
    json_decref(making->sources);
    json_decref(making->meeting);
    json_decref(making->last);
    making->sources = making->meeting = making->last = NULL;
}

/* Takes what tells only of the moment out of the paper. */
static void forget_moment(const struct pack_making *making, json_t *model)
{
    json_t *head = json_object_get(model, "head"), *block, *note;
    size_t b, n;

    json_object_del(head, "moment");
    json_object_del(head, "identifier");
    json_array_foreach(json_object_get(model, "blocks"), b, block)
        json_array_foreach(json_object_get(block, "notes"), n, note)
            if (json_string_value(note) && strcmp(json_string_value(note), making->moment_note) == 0)
                json_string_set(note, "");
}

bool making_digest(const struct pack_making *making, struct digest *ret_digest)
{
    struct buffer bytes = BUFFER_WITH_LIMIT(MOST_MODEL_BYTES);
    json_t *model = paper_to_json(making->paper);
    bool good = false;

    if (model) {
        forget_moment(making, model);
        good = json_write_canonical(model, &bytes);
    }
    if (good)
        *ret_digest = digest_of(bytes.data, bytes.length);
    buffer_free(&bytes);
    json_decref(model);
    return good;
}
