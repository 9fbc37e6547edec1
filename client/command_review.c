/* command_review.c: tributary review: what a stage says of what was handed in, what was said, and what waits. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "cell_words.h"
#include "command.h"
#include "export.h"
#include "naming.h"
#include "review_lists.h"
#include "review_words.h"
#include "reviewing.h"

/* ---- what is decided -------------------------------------------------------------------------------------------- */

/* The code of a stage of the form by its code or name; as it is given where the plan isn't known. NULL: said why. */
static const char *find_stage(const struct reviewing *reviewing, const char *given)
{
    struct client *client = reviewing->client;
    const struct form *form = reviewing->form;
    const char *names = "";

    for (size_t i = 0; form && i < form->stage_count; i++) {
        const struct stage *stage = form->stages[i].stage;

        if (strcmp(stage->code, given) == 0 || strcmp(stage->name.text[0], given) == 0 ||
            strcmp(stage->name.text[1], given) == 0)
            return stage->code;
        names = arena_format(client->arena, "%s%s%s (%s)", names, i ? ", " : "", stage->code,
                             name_text(stage->name, client->language));
    }
    if (!form)
        return given;
    client_usage(client, client_text(client, stage_unknown, given, names));
    return NULL;
}

/* The paths of the words from `first` on. NULL: said why. */
static json_t *read_cells(const struct reviewing *reviewing, size_t first)
{
    struct client *client = reviewing->client;
    json_t *paths = json_array();

    for (size_t i = first; i < client->arguments.word_count; i++) {
        if (cell_words_find(client, reviewing->plan, json_object_get(reviewing->seen, "document"),
                            client->arguments.words[i], paths) != EXIT_DONE) {
            json_decref(paths);
            return NULL;
        }
    }
    return paths;
}

/* The decision as the contract writes it; NULL: said why. */
static json_t *make_body(const struct reviewing *reviewing, size_t first)
{
    struct client *client = reviewing->client;
    const char *given = client_option(client, "stage"), *stage = given ? find_stage(reviewing, given) : NULL;
    bool returns = strcmp(reviewing->outcome, "return") == 0;
    json_t *cells;

    if (given && !stage)
        return NULL;
    if (!returns && client->arguments.word_count > first) {
        client_usage(client, client_word(client, review_cells_of_return));
        return NULL;
    }
    if (returns && !client_option(client, "reason")) {
        client_usage(client, client_text(client, option_needed, "--reason"));
        return NULL;
    }
    cells = read_cells(reviewing, first);
    if (!cells)
        return NULL;

    json_t *body = json_pack("{ss ss* ss* ss* so*}", "outcome", reviewing->outcome, "stage", stage, "reason",
                             client_option(client, "reason"), "meeting", client_option(client, "meeting"), "cells",
                             json_array_size(cells) ? json_incref(cells) : NULL);

    json_decref(cells);
    if (body && client_option(client, "break-glass"))
        json_object_set_new(body, "break_glass", json_true());
    return body;
}

/* ---- before it is decided --------------------------------------------------------------------------------------- */

static void show_about(const struct reviewing *reviewing)
{
    struct client *client = reviewing->client;
    const json_t *seen = reviewing->seen, *review = json_object_get(seen, "review");
    const char *what = naming_document(client, reviewing->plan, json_text_member(seen, "form"),
                                       json_text_member(seen, "office"), json_text_member(seen, "period"));

    client_print(client, review_about,
                 client_text(client, document_heading, what,
                             client_number(client, json_integer_value(json_object_get(seen, "revision"))),
                             client_moment(client, json_text_member(seen, "received_at"))));
    client_print(client, review_state,
                 review_state_text(client, reviewing->plan, json_text_member(review, "state"), review));
}

/* The places that are returned, in the form's words. */
static void show_cells(const struct reviewing *reviewing, const json_t *cells)
{
    struct client *client = reviewing->client;
    const json_t *cell;
    size_t i;

    json_array_foreach(cells, i, cell) {
        const char *path = json_string_value(cell),
                   *name = naming_path(client, reviewing->plan, json_text_member(reviewing->seen, "form"), path, 0);

        client_print_text(client, arena_format(client->arena, "  %s  %s", name ? name : "", path));
    }
}

/* Someone at a terminal is asked; a program has decided already. */
static bool is_sure(const struct reviewing *reviewing)
{
    struct client *client = reviewing->client;
    char answer[16] = "";

    if (client->json || client_option(client, "force") || !isatty(STDIN_FILENO))
        return true;
    fputs(client_text(client, review_ask, review_outcome_word(client, reviewing->outcome)), stderr);
    if (fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y'))
        return true;
    client_say(client, review_not_done);
    return false;
}

/* Whether it would take a return back that nobody said to take back. */
static bool undoes_a_return(const struct reviewing *reviewing)
{
    struct client *client = reviewing->client;
    const json_t *review = json_object_get(reviewing->seen, "review");
    const char *state = json_text_member(review, "state");

    if (strcmp(reviewing->outcome, "return") == 0 || client_option(client, "undo-return") ||
        !json_is_true(json_object_get(reviewing->seen, "is_current")) || !state || strcmp(state, "returned") != 0)
        return false;
    client_say(client, review_undo_needed,
               review_ticket_text(client, reviewing->plan, json_object_get(review, "ticket")));
    return true;
}

static enum exit_status decide_on(struct reviewing *reviewing, size_t first)
{
    json_t *body = undoes_a_return(reviewing) ? NULL : make_body(reviewing, first);

    if (!body)
        return EXIT_USAGE;
    if (!reviewing->client->json) {
        show_about(reviewing);
        show_cells(reviewing, json_object_get(body, "cells"));
    }
    if (is_sure(reviewing))
        return reviewing_send(reviewing, body);
    json_decref(body);
    return EXIT_USAGE;
}

static enum exit_status decide(struct client *client, const struct plan *plan, const char *outcome)
{
    struct reviewing reviewing = {.client = client, .plan = plan, .outcome = outcome};
    enum exit_status status;
    size_t words;

    reviewing.id = reviewing_find(client, plan, &words, &status);
    if (reviewing.id)
        status = reviewing_read(&reviewing);
    if (!reviewing.id || status != EXIT_DONE)
        return status;
    status = decide_on(&reviewing, words);
    reviewing_release(&reviewing);
    return status;
}

/* ---- the command ------------------------------------------------------------------------------------------------ */

static const struct {
    const char *word;
    enum exit_status (*run)(struct client *, const struct plan *);
} lists[] = {{"list", review_list}, {"waiting", review_waiting}, {"show", review_show_one}};

static const char *const outcomes[] = {"accept", "return", "note"};

static bool is_decision(const char *what)
{
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
        if (strcmp(outcomes[i], what) == 0)
            return true;
    return false;
}

static enum exit_status run_with(struct client *client, const struct plan *plan, const char *what)
{
    if (is_decision(what))
        return decide(client, plan, what);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (strcmp(lists[i].word, what) == 0)
            return lists[i].run(client, plan);
    return client_usage(client, client_word(client, review_what));
}

static enum exit_status run(struct client *client)
{
    const char *what = client->arguments.words[0];
    struct cached_plan plan;
    enum exit_status status = plan_cached(client, &plan);

    if (status == EXIT_DONE) {
        status = run_with(client, plan.plan, what);
        cached_plan_release(&plan);
    }
    if (status == EXIT_UNREACHABLE && is_decision(what))
        client_say(client, review_offline);
    return status;
}

static const struct option options[] = {
    {"reason", "TEXT", {{"事由；退回時必填", "why; a return needs it"}}},
    {"stage",
     "STAGE",
     {{"審查階段；預設為輪到的階段。list：只列此階段",
       "the stage; by default the one whose turn it is. list: only this stage"}}},
    {"meeting",
     "ID|DATE",
     {{"會議的識別碼或日期，如 113年5月20日", "the meeting by its id or day, such as 2024-05-20"}}},
    {"form", "FORM", {{"不用識別碼時的表單。list：只列此表單", "instead of an id: the form. list: only this form"}}},
    {"period", "PERIOD", {{"不用識別碼時的期間", "instead of an id: the period"}}},
    {"office",
     "CODE",
     {{"不用識別碼時的機關。list、waiting：只列此機關", "instead of an id: the office. list, waiting: only this one"}}},
    {"event", "ID", {{"有好幾場時的場次識別碼", "the event, of forms that have several"}}},
    {"outcome", "OUTCOME", {{"list：accept、return 或 note", "list: accept, return or note"}}},
    {"role", "ROLE", {{"waiting：geo 或 dbas；預設為自己的", "waiting: geo or dbas; by default one's own"}}},
    {"undo-return",
     NULL,
     {{"通過仍在退回中的版本，即撤銷退回", "accept what stands returned and isn't corrected: takes the return back"}}},
    {"break-glass",
     NULL,
     {{"破窗：管理者不依次序審查，須有事由，並通知性平辦。list：只列破窗者",
       "an administrator out of turn; needs a reason and is told to the geo role. list: only those"}}},
    EXPORT_OPTIONS,
    {"sample-clock", "TIME", {{"樣本資料庫的時間", "when it is said to happen; sample databases only"}}},
    {0},
};

const struct command command_review = {
    .name = "review",
    .usage = "accept|return|note SUBMISSION [CELL…] | list | waiting | show SUBMISSION",
    .summary = {{"審查已收的資料：通過、退回、備查，及待審清單",
                 "accept, return or note what was handed in; what waits to be reviewed"}},
    .details =
        {{"退回時在 SUBMISSION 之後列出欄位，可寫欄位名稱（一般公務人員總人數（男））、代碼（general.staff.m）或列與欄（courses[a1].hours）；"
          "都不列即整份退回。會議的階段須指定 --meeting。讀取之後若有他人審查或更正，不會覆寫；--force 不詢問也不比對。審查決定不存入待送匣，連不上時結束狀態為 3。",
          "A return lists its cells behind SUBMISSION: by name, by code (general.staff.m) or by row and column (courses[a1].hours); "
          "without any, all of it is returned. A body's stage needs --meeting. What another has reviewed or corrected meanwhile is not "
          "overwritten; --force neither asks nor compares. A decision is not kept in the outbox: without the server the exit status is 3."}},
    .options = options,
    .least_words = 1,
    .most_words = SIZE_MAX,
    .run = run};
