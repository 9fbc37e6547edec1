/* command_configure.c: tributary configure: server, token and plan, asked for or given, and tried out. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/json.h"
#include "command.h"
#include "fetch.h"
#include "keys.h"
#include "naming.h"
#include "plan_cache.h"
#include "url.h"

enum { LINE_SIZE = 2048 };

/* One line of standard input without its end, NULL if there is none or it is empty. */
static const char *read_line(struct client *client)
{
    char line[LINE_SIZE];

    if (!fgets(line, sizeof line, stdin))
        return NULL;
    line[strcspn(line, "\r\n")] = '\0';
    return line[0] ? arena_text(client->arena, line) : NULL;
}

static const char *ask(const char *question, const char *now, struct client *client)
{
    fprintf(stderr, now ? "%s [%s]: " : "%s: ", question, now);
    return read_line(client);
}

/* A secret isn't shown while it is typed. */
static const char *ask_secret(struct client *client, const char *question)
{
    struct termios shown, hidden;
    bool terminal = tcgetattr(STDIN_FILENO, &shown) == 0;

    if (terminal) {
        hidden = shown;
        hidden.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }

    const char *line = ask(question, NULL, client);

    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
        fputc('\n', stderr);
    }
    return line;
}

static bool is_token(const char *text)
{
    for (; *text; text++)
        if (*text <= ' ' || *text > '~')
            return false;
    return true;
}

/* The settings that are to change; NULL for what stays. */
struct answers {
    const char *server, *token, *plan;
};

static struct answers ask_all(struct client *client)
{
    struct answers answers;

    answers.server = ask(client_word(client, ask_server), config_get(&client->config, "server"), client);
    answers.token = ask_secret(client, config_get(&client->config, "token") ? client_word(client, ask_token_again)
                                                                            : client_word(client, ask_token));
    answers.plan = ask(client_word(client, ask_plan), config_get(&client->config, "plan"), client);
    return answers;
}

static enum exit_status check_answers(struct client *client, struct answers *answers)
{
    if (answers->server) {
        const char *server = url_server(client->arena, answers->server);

        if (!server)
            return client_usage(client, client_text(client, bad_server, answers->server));
        answers->server = server;
    }
    if (answers->token && !is_token(answers->token))
        return client_usage(client, client_word(client, bad_token));
    return EXIT_DONE;
}

static enum exit_status save(struct client *client, const struct answers *answers)
{
    const char *const keys[] = {"server", "token", "plan"}, *const values[] = {answers->server, answers->token,
                                                                               answers->plan};
    int error = config_save(&client->config, keys, values, 3);

    if (error)
        return client_machine_fault(client, client->config.file, error);
    for (size_t i = 0; i < 3; i++)
        if (values[i] && !config_set(&client->config, keys[i], values[i]))
            return client_usage(client, client_word(client, out_of_memory));
    client_print(client, config_saved, client->config.file);
    return EXIT_DONE;
}

/* Whom the token names, the server's keys and the plan: what later works without the server. */
static enum exit_status try_out(struct client *client)
{
    struct cached_plan plan = {0};
    json_t *person = NULL;
    enum exit_status status = fetch_json(client, "/v1/whoami", &person);

    if (status == EXIT_DONE)
        client_print(client, signed_in, json_text_member(person, "label"), json_text_member(person, "role"));
    json_decref(person);
    if (status == EXIT_DONE)
        status = keys_fetch(client);
    if (status == EXIT_DONE)
        status = plan_current(client, &plan);
    if (status == EXIT_DONE)
        client_print(client, plan_kept, name_text(plan.plan->name, client->language), plan.plan->code);
    cached_plan_release(&plan);
    return status;
}

static enum exit_status run(struct client *client)
{
    struct answers answers = {arguments_value(&client->arguments, "server"), client_option(client, "token"),
                              client_option(client, "plan")};
    bool given = answers.server || answers.token || answers.plan;

    if (!given && !isatty(STDIN_FILENO))
        return client_usage(client, client_word(client, configure_how));
    if (!given)
        answers = ask_all(client);
    if (answers.token && strcmp(answers.token, "-") == 0) {
        answers.token = read_line(client);
        if (!answers.token)
            return client_usage(client, client_word(client, bad_token));
    }

    enum exit_status status = check_answers(client, &answers);

    if (status == EXIT_DONE)
        status = save(client, &answers);
    return status == EXIT_DONE ? try_out(client) : status;
}

static const struct option options[] = {
    {"token", "TOKEN", {{"權杖；「-」表示由標準輸入讀取一行", "the token; \"-\" reads a line of standard input"}}},
    {0},
};

const struct command command_configure = {
    .name = "configure",
    .usage = "[--server URL] [--token -] [--plan CODE]",
    .summary = {{"設定伺服器、權杖與計畫", "set server, token and plan"}},
    .details =
        {{"不加選項時逐項詢問。設定檔僅本人可讀；設定後即向伺服器核對，並保存計畫與公開金鑰供離線使用。",
          "Asks for each without options. The file is readable by you only; afterwards the server is asked whether it all fits, and "
          "its plan and public keys are kept for work without it."}},
    .options = options,
    .run = run};
