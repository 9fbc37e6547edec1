/* command_decision.c: tributary decision list|show|add|progress|rule|refer|outcome|take-over|withdraw: what meetings
 * decided, and what became of it. */
#include <string.h>

#include "base/json.h"
#include "command.h"
#include "decisions.h"
#include "export.h"
#include "fetch.h"
#include "naming.h"
#include "plan_cache.h"
#include "units.h"

/* ---- list ----------------------------------------------------------------------------------------------------------- */

static const char *owners_of(struct client *client, const json_t *decision)
{
    const json_t *owner;
    const char *all = "";
    size_t i;

    json_array_foreach(json_object_get(decision, "owners"), i, owner) {
        const char *state = json_text_member(owner, "state");
        bool done = state && strcmp(state, "open") != 0 && strcmp(state, "withdrawn") != 0;

        if (all)
            all = arena_format(client->arena, "%s%s%s%s", all, *all ? "\n" : "", done ? "✓ " : "",
                               naming_of(client, json_object_get(owner, "name")));
    }
    return all;
}

static const char *standing_of(struct client *client, const struct plan *plan, const json_t *decision)
{
    const char *state = json_text_member(decision, "state"), *agenda = json_text_member(decision, "agenda"),
               *left = state && strcmp(state, "open") == 0 ? decision_lateness(client, plan, decision) : "",
               *text = decision_state_word(client, state);

    if (agenda && strcmp(agenda, "referred") == 0)
        text = client_word(client, decision_referred);
    return *left ? arena_format(client->arena, "%s\n%s", text, left) : text;
}

static void add_rows(struct client *client, const struct plan *plan, struct listing *listing, const json_t *answer)
{
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(answer, "decisions"), i, one) {
        const char *due = json_text_member(one, "due_on");

        listing_row(listing, (const char *[]){json_text_member(one, "number"), json_text_member(one, "title"),
                                              owners_of(client, one), due ? client_date(client, due) : "",
                                              standing_of(client, plan, one)});
    }
}

static const char *list_path(struct client *client, const struct plan *plan, const char *unit, const char *after)
{
    const struct url_parameter parameters[] = {{"body", client_option(client, "body")},
                                               {"unit", unit},
                                               {"office", client_option(client, "office")},
                                               {"state", decision_state_meant(client_option(client, "state"))},
                                               {"year", client_option(client, "year")},
                                               {"agenda", client_option(client, "agenda") ? "true" : NULL},
                                               {"as_of", client_option(client, "as-of")},
                                               {"limit", "500"},
                                               {"after", after}};

    return decisions_path(client, plan, "decisions", parameters, sizeof parameters / sizeof *parameters);
}

static enum exit_status list(struct client *client, const struct plan *plan)
{
    const struct listing_column columns[] = {{client_word(client, decision_number), LISTING_LEFT},
                                             {client_word(client, decision_title), LISTING_WRAPS},
                                             {client_word(client, owner), LISTING_WRAPS},
                                             {client_word(client, due_date), LISTING_LEFT},
                                             {client_word(client, state), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const char *unit;
    json_t *answer = NULL;
    enum exit_status status = unit_option(client, plan->code, NULL, &unit);
    bool shown;

    if (status == EXIT_DONE)
        status = fetch_shown(client, list_path(client, plan, unit, NULL), &answer);
    shown = answer != NULL;

    while (status == EXIT_DONE && answer) {
        const char *next = arena_text(client->arena, json_text_member(answer, "next"));

        add_rows(client, plan, listing, answer);
        json_decref(answer);
        answer = NULL;
        if (next)
            status = fetch_json(client, list_path(client, plan, unit, next), &answer);
    }
    if (status == EXIT_DONE && shown && listing_row_count(listing) == 0)
        client_print(client, decisions_none);
    else if (status == EXIT_DONE && shown)
        client_show(client, listing);
    json_decref(answer);
    return status;
}

/* ---- show ----------------------------------------------------------------------------------------------------------- */

static enum exit_status show(struct client *client, const struct plan *plan)
{
    json_t *decision = NULL;
    enum exit_status status = decision_find(client, plan, client->arguments.words[1], &decision);

    if (status == EXIT_DONE && client->json)
        client_print_json(decision);
    else if (status == EXIT_DONE)
        decision_show(client, plan, decision);
    json_decref(decision);
    return status;
}

/* ---- the command ---------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    size_t words;
    const char *usage;
    enum exit_status (*run)(struct client *client, const struct plan *plan);
} kinds[] = {
    {"list", 1, "list …", list},
    {"show", 2, "show NUMBER", show},
    {"add", 1, "add --meeting … --title … --text … --owner …", decision_add},
    {"progress", 3, "progress NUMBER TEXT", decision_report},
    {"rule", 3, "rule NUMBER OUTCOME --meeting …", decision_rule},
    {"refer", 2, "refer NUMBER", decision_refer},
    {"outcome", 3, "outcome NUMBER TEXT --meeting …", decision_conclude},
    {"take-over", 2, "take-over MEETING [--confirm] [--item N …]", decision_take_over},
    {"withdraw", 2, "withdraw NUMBER --reason …", decision_withdraw},
};

static enum exit_status dispatch(struct client *client, const struct plan *plan)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, client->arguments.words[0]) == 0)
            return kinds[i].words == client->arguments.word_count
                       ? kinds[i].run(client, plan)
                       : client_usage(client, client_text(client, decision_usage, kinds[i].usage));
    return client_usage(client, client_word(client, decision_what));
}

static enum exit_status run(struct client *client)
{
    struct cached_plan plan;
    enum exit_status status = plan_current(client, &plan);

    if (status != EXIT_DONE)
        return status;
    status = dispatch(client, plan.plan);
    cached_plan_release(&plan);
    return status;
}

static const struct option options[] = {
    {"body", "CODE", {{"哪個會議，如 liaison、council", "of which body, such as liaison, council"}}},
    {"unit", "UNIT", {{"哪個分組、機關或局處的會議", "of which group's, office's or bureau's body"}}},
    {"group", "GROUP", {{"同 --unit，如 1、第1組", "as --unit: the group's number, name or code"}}},
    {"office", "OFFICE", {{"list：只列這個機關主辦者", "list: only those that this office owns"}}},
    {"state",
     "open|closed|withdrawn",
     {{"list：只列列管中、已解除或已撤回者", "list: only those that are open, closed or withdrawn"}}},
    {"year", "YEAR", {{"list：只列這個年度會議者", "list: only of this ROC year's meetings"}}},
    {"agenda", NULL, {{"list：--body 下次會議應列管者", "list: what the next agenda of --body holds"}}},
    {"as-of", "TIME", {{"回到某一時點", "as it was then"}}},
    {"meeting", "DAY|ID", {{"哪一次會議，以日期或識別碼表示", "at which meeting: its day or its id"}}},
    {"title", "TEXT", {{"add：案由", "add: what it is about"}}},
    {"text", "TEXT", {{"add：決議內容；rule：裁示內容", "add: what was decided; rule: what was ruled"}}},
    {"owner",
     "OFFICE",
     {{"主辦機關（add 可重複；其餘亦可用序號或名稱）",
       "an owner (add: may be given again; else also its number or name)"}}},
    {"agency",
     "NAME",
     {{"add：非區公所之主辦單位（可重複）", "add: an owner that is no district office (may be given again)"}}},
    {"due", "DATE", {{"add、rule：辦理期限", "add, rule: the day it is due"}}},
    {"kind", "KIND", {{"add：resolution 決議（預設）或 direction 決定", "add: resolution (the default) or direction"}}},
    {"ask", "TEXT", {{"add：請主辦機關提供的資料", "add: what data its owners are asked for"}}},
    {"ask-form", "FORM", {{"add：請主辦機關填報的表單", "add: a form that its owners shall hand in"}}},
    {"ask-period", "PERIOD", {{"add：該表單的期間", "add: for this period"}}},
    {"proposes",
     "OUTCOME",
     {{"progress：建議 continue（預設）、close 或 hand_over", "progress: continue (the default), close or hand_over"}}},
    {"confirm",
     NULL,
     {{"take-over：將辨識出主辦機關者全部列管；有 --item 時只列管所指各項",
       "take-over: record all whose owners are known; with --item those items only"}}},
    {"item",
     "N",
     {{"take-over：議程第幾項；其後之 --owner、--agency、--due、--ask 為該項之更正，可重複",
       "take-over: this item of the agenda; --owner, --agency, --due and --ask after it correct it; repeatable"}}},
    {"attach", "FILE", {{"progress：附上檔案（可重複）", "progress: a file that shows it (may be given again)"}}},
    {"to", "BODY", {{"refer：提報至；預設依計畫", "refer: to this body; by default whom the plan names"}}},
    {"reason",
     "TEXT",
     {{"refer：提報事由；withdraw：撤回事由（看得到該事項者均可見）",
       "refer, withdraw: why; everybody who sees the decision reads it"}}},
    EXPORT_OPTIONS,
    {"sample-clock", "TIME", {{"樣本資料庫的時間", "when it is said to happen; sample databases only"}}},
    {0},
};

const struct command command_decision = {
    .name = "decision",
    .usage =
        "list … | show NUMBER | add --meeting … | progress NUMBER TEXT | rule NUMBER OUTCOME --meeting … | refer NUMBER | "
        "outcome NUMBER TEXT --meeting … | take-over MEETING [--confirm] [--item N …] | withdraw NUMBER --reason …",
    .summary = {{"會議決議列管：登錄、辦理情形、裁示、提報、撤回",
                 "what meetings decided: record, report, rule, carry up, withdraw"}},
    .details =
        {{"例：\n"
          "  tributary decision add --body liaison --group 2 --meeting 113/9/10 --title 盤點 --text 請辦理 --owner 中壢區公所 --due 113/12/31\n"
          "  tributary decision progress 113-group-2-01 已辦理三場 --attach 成果.pdf --proposes close\n"
          "  tributary decision rule 113-group-2-01 close --owner 中壢區公所 --meeting 114/9/10\n"
          "  tributary decision list --body liaison --group 2 --agenda\n"
          "  tributary decision refer 113-group-2-01 --reason 跨局處；decision outcome 113-group-2-01 請社會局研議 --meeting 114/5/20\n"
          "  tributary decision take-over 113/9/26 --body liaison --group 1　（先列出會議決議，再以 --confirm 列管；--item 者即列管該項）\n"
          "  tributary decision take-over 113/9/26 --body liaison --group 1 --item 3 --owner 龜山 --due 113/12/31\n"
          "  tributary decision withdraw 113-group-1-03 --reason 主辦機關誤植　（編號保留；同一案由可再列管）\n"
          "NUMBER 為列管編號或識別碼；OUTCOME 為 continue 繼續列管、close 解除列管、hand_over 自行列管，未指定 --owner 即所有列管中之主辦。",
          "Examples:\n"
          "  tributary decision add --body liaison --group 2 --meeting 113/9/10 --title Survey --text 'Please survey' --owner 'Zhongli District Office' --due 113/12/31\n"
          "  tributary decision progress 113-group-2-01 'Held three' --attach photos.pdf --proposes close\n"
          "  tributary decision rule 113-group-2-01 close --owner 'Zhongli District Office' --meeting 114/9/10\n"
          "  tributary decision list --body liaison --group 2 --agenda\n"
          "  tributary decision refer 113-group-2-01 --reason 'Concerns bureaus'; decision outcome 113-group-2-01 'For the bureau' --meeting 114/5/20\n"
          "  tributary decision take-over 113/9/26 --body liaison --group 1   (shows what was resolved; --confirm records it, --item that item at once)\n"
          "  tributary decision take-over 113/9/26 --body liaison --group 1 --item 3 --owner Guishan --due 113/12/31\n"
          "  tributary decision withdraw 113-group-1-03 --reason 'Wrong owner'   (its number stays; its item can be taken over again)\n"
          "NUMBER may be an id. OUTCOME is continue, close or hand_over; without --owner it is of every owner that is open."}},
    .options = options,
    .least_words = 1,
    .most_words = 3,
    .run = run};
