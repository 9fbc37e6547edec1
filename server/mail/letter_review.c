/* letter_review.c: what a stage of review said: returned, accepted, or forced by an administrator. */
#include <string.h>

#include "base/json.h"
#include "mail/letter_inside.h"

/* One row of tributary.review with the revision it is about. */
struct review {
    struct revision revision;
    const struct plan *plan;
    const struct form *form;
    const struct stage *stage; /* NULL: the plan doesn't know it any more */
    const char *report, *stage_name, *outcome, *reason;
    const char *held_on, *document_number; /* of the meeting, or NULL */
    json_t *cells;
    bool official, break_glass;
    int passed;
    timestamp recorded_at;
};

static const struct stage *find_stage(const struct form *form, const char *code)
{
    for (size_t i = 0; form && i < form->stage_count; i++)
        if (strcmp(form->stages[i].stage->code, code) == 0)
            return form->stages[i].stage;
    return NULL;
}

static enum letter_outcome read_row(struct letter *letter, const PGresult *rows, struct review *ret_review)
{
    struct review *review = ret_review;
    const char *stage = PQgetvalue(rows, 0, 1);
    const struct plan_version *version;
    bool found = false;

    if (revision_find(letter->db, PQgetvalue(rows, 0, 0), letter->arena, &found, &review->revision) != DB_OK)
        return LETTER_UNAVAILABLE;
    version = found ? letter_plan(letter, review->revision.plan) : NULL;
    if (!version)
        return LETTER_FAILED;
    review->plan = version->plan;
    review->form = plan_form(version->plan, review->revision.form);
    review->stage = find_stage(review->form, stage);
    review->stage_name =
        review->stage ? review->stage->name.text[letter->mail->language] : arena_text(letter->arena, stage);
    review->report = letter_report_of(letter, version->plan, review->revision.form, review->revision.period);
    review->outcome = arena_text(letter->arena, PQgetvalue(rows, 0, 2));
    review->official = result_bool(rows, 0, 3);
    review->passed = (int)result_int64(rows, 0, 4);
    review->reason = arena_text(letter->arena, result_text(rows, 0, 5));
    review->recorded_at = result_int64(rows, 0, 7);
    review->held_on = arena_text(letter->arena, result_text(rows, 0, 8));
    review->document_number = arena_text(letter->arena, result_text(rows, 0, 9));
    review->break_glass = result_bool(rows, 0, 10);
    review->cells = json_loads(PQgetvalue(rows, 0, 6), 0, NULL);
    return review->cells ? LETTER_WRITTEN : LETTER_FAILED;
}

/* The caller decrefs ret_review->cells, whatever comes of it. */
static enum letter_outcome find_review(struct letter *letter, struct review *ret_review)
{
    static const struct db_statement find = {
        "mail_review",
        "select v.revision, v.stage, v.outcome, v.official, v.passed, v.reason, to_jsonb(v.cells),"
        " tributary.micros(v.recorded_at), m.day, m.minutes_number, v.break_glass"
        " from tributary.review v left join lateral tributary.meeting_now(v.meeting) m on true where v.review = $1::uuid",
        1};
    const char *id = json_text_member(letter->mail->facts, "review");
    enum letter_outcome outcome = LETTER_FAILED;
    PGresult *rows = NULL;

    *ret_review = (struct review){.plan = NULL};
    if (!id || !uuid_is_well_formed(id))
        return LETTER_FAILED;
    if (db_run(letter->db, &find, (const char *const[]){id}, &rows) != DB_OK)
        return LETTER_UNAVAILABLE;
    if (PQntuples(rows) == 1)
        outcome = read_row(letter, rows, ret_review);
    PQclear(rows);
    return outcome;
}

/* Who did it, where it wasn't whose turn it was. */
static void append_stand_in(struct letter *letter, const struct review *review)
{
    if (review->break_glass)
        letter_say(letter, "本次審查由系統管理者以緊急權限代行。\n",
                   "An administrator did this in its place, by break-glass.\n");
}

static void append_meeting(struct letter *letter, const struct review *review)
{
    struct date held_on;

    if (review->held_on && date_parse_iso(review->held_on, &held_on))
        letter_line(letter, "會議日期：%s\n", "Meeting: %s\n", letter_date(letter, held_on));
    if (review->document_number)
        letter_line(letter, "公文文號：%s\n", "Document number: %s\n", review->document_number);
}

static void append_reason(struct letter *letter, const char *zh, const char *en, const struct review *review)
{
    if (review->reason)
        letter_line(letter, "%s：%s\n", "%s: %s\n", letter_words(letter, zh, en), review->reason);
}

static enum letter_outcome write_return(struct letter *letter, const struct review *review)
{
    letter_line(letter, "%s報送之「%s」（第 %d 版）經%s退回補正。\n\n",
                "What %s reported, %s (revision %d), was returned by %s.\n\n",
                letter_office(letter, review->plan, review->revision.office), review->report, review->revision.number,
                review->stage_name);
    append_reason(letter, "退回事由", "Reason", review);
    append_stand_in(letter, review);
    append_meeting(letter, review);
    letter_say(letter, "\n", "\n");

    enum letter_outcome outcome = letter_cells(letter, review->plan, &review->revision, review->cells);

    letter_say(letter, "請更正後儘速重新報送。\n", "Please correct it and report again.\n");
    letter->subject = arena_format(letter->arena, letter_words(letter, "退回補正：%s", "Returned: %s"), review->report);
    return outcome;
}

/* Which stage comes next, or that there is none. */
static void append_progress(struct letter *letter, const struct review *review)
{
    size_t passed = (size_t)review->passed, all = review->form ? review->form->stage_count : 0;

    if (review->official)
        letter_say(letter, "本版自即日起列為正式資料。\n", "This revision is official from now on.\n");
    if (passed < all)
        letter_line(letter, "審查進度：已完成 %zu／%zu 階段，下一階段為%s。\n",
                    "Stages passed: %zu of %zu; next: %s.\n", passed, all,
                    review->form->stages[passed].stage->name.text[letter->mail->language]);
    else if (all > 0)
        letter_say(letter, "各審查階段均已完成。\n", "Every stage of review is passed.\n");
}

static enum letter_outcome write_acceptance(struct letter *letter, const struct review *review)
{
    bool noted = strcmp(review->outcome, "note") == 0;

    letter_line(letter, "%s報送之「%s」（第 %d 版）業經%s%s。\n\n",
                "What %s reported, %s (revision %d), was reviewed by %s and %s.\n\n",
                letter_office(letter, review->plan, review->revision.office), review->report, review->revision.number,
                review->stage_name,
                noted ? letter_words(letter, "同意備查", "noted") : letter_words(letter, "審核通過", "accepted"));
    append_stand_in(letter, review);
    append_meeting(letter, review);
    append_reason(letter, "說明", "Remark", review);
    append_progress(letter, review);
    letter->subject =
        arena_format(letter->arena,
                     noted ? letter_words(letter, "同意備查：%s%s", "Noted: %s%s")
                           : letter_words(letter, "審核通過：%s%s", "Accepted: %s%s"),
                     review->report, review->official ? letter_words(letter, "（正式資料）", " (official)") : "");
    return LETTER_WRITTEN;
}

static enum letter_outcome write_break_glass(struct letter *letter, const struct review *review)
{
    static const struct {
        const char *code, *zh, *en;
    } outcomes[] = {
        {"accept", "審核通過", "accepted"}, {"return", "退回補正", "returned"}, {"note", "同意備查", "noted"}};
    const char *done = review->outcome;

    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
        if (strcmp(outcomes[i].code, review->outcome) == 0)
            done = letter_words(letter, outcomes[i].zh, outcomes[i].en);
    letter_line(letter, "系統管理者以緊急權限代行%s之審查，請予查核：\n\n",
                "An administrator used break-glass in the place of %s. Please look into it:\n\n", review->stage_name);
    letter_line(letter, "機關：%s\n報表：%s（第 %d 版）\n結果：%s\n時間：%s\n",
                "Office: %s\nReport: %s (revision %d)\nOutcome: %s\nWhen: %s\n",
                letter_office(letter, review->plan, review->revision.office), review->report, review->revision.number,
                done, letter_moment(letter, review->recorded_at));
    append_reason(letter, "事由", "Reason", review);
    letter_say(letter, "\n如非經授權之作業，請立即通知資安及系統管理單位。\n",
               "\nIf nobody authorised this, tell those in charge of security at once.\n");
    letter->subject = arena_format(
        letter->arena, letter_words(letter, "【重要】緊急權限使用通知：%s %s", "Important: break-glass used, %s, %s"),
        letter_office(letter, review->plan, review->revision.office), review->report);
    return LETTER_WRITTEN;
}

static enum letter_outcome with_review(struct letter *letter,
                                       enum letter_outcome (*write)(struct letter *, const struct review *))
{
    struct review review;
    enum letter_outcome outcome = find_review(letter, &review);

    if (outcome == LETTER_WRITTEN)
        outcome = write(letter, &review);
    json_decref(review.cells);
    return outcome;
}

enum letter_outcome letter_of_return(struct letter *letter)
{
    return with_review(letter, write_return);
}

enum letter_outcome letter_of_acceptance(struct letter *letter)
{
    return with_review(letter, write_acceptance);
}

enum letter_outcome letter_of_break_glass(struct letter *letter)
{
    return with_review(letter, write_break_glass);
}
