/* commands.c: the table of commands and their help. */
#include "command.h"

#include <stdio.h>
#include <string.h>

const struct option common_options[] = {
    {"lang", "zh|en", {{"輸出語言；預設依環境語系", "language of the output; by default that of the locale"}}},
    {"json", NULL, {{"輸出伺服器的回應（JSON），供程式使用", "print the server's answer (JSON), for programs"}}},
    {"server", "URL", {{"伺服器網址（取代設定）", "address of the server, instead of the configured one"}}},
    {"plan", "CODE", {{"計畫代碼（取代設定）", "code of the plan, instead of the configured one"}}},
    {"help", NULL, {{"顯示說明", "show this help"}}},
    {"version", NULL, {{"顯示版本", "print the version"}}},
    {0},
};

/* In the order of a person's day. */
static const struct command *const commands[] = {
    &command_configure,   &command_whoami,    &command_plans,       &command_form,       &command_due,
    &command_template,    &command_check,     &command_submit,      &command_prepared,   &command_attach,
    &command_attachments, &command_sync,      &command_status,      &command_receipt,    &command_show_document,
    &command_revisions,   &command_diff,      &command_compare,     &command_remark,     &command_withdraw,
    &command_attest,      &command_review,    &command_meeting,     &command_rollup,     &command_indicators,
    &command_body,        &command_decision,  &command_secretariat, &command_sitting_in, &command_duties,
    &command_pack,        &command_extension, &command_period,      &command_calendar,   &command_mail,
    &command_open_data,   &command_audit,     &command_version,
};

enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static void show_options(struct client *client, const struct option *options)
{
    const struct listing_column columns[] = {{client_word(client, option), LISTING_LEFT},
                                             {client_word(client, meaning), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, 2);

    for (; options && options->name; options++)
        listing_row(listing,
                    (const char *[]){arena_format(client->arena, "--%s%s%s", options->name, options->value ? " " : "",
                                                  options->value ? options->value : ""),
                                     name_text(options->meaning, client->language)});
    client_show(client, listing);
}

void command_show_all(struct client *client)
{
    const struct listing_column columns[] = {{client_word(client, command), LISTING_LEFT},
                                             {client_word(client, does), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, 2);

    for (size_t i = 0; i < COMMAND_COUNT; i++)
        listing_row(listing, (const char *[]){commands[i]->name, name_text(commands[i]->summary, client->language)});
    client_print(client, usage_all);
    puts("");
    client_show(client, listing);
    puts("");
    show_options(client, common_options);
    puts("");
    client_print_prose(client, client_word(client, environment));
    puts("");
    client_print_prose(client, client_word(client, exit_statuses));
}

void command_show(struct client *client, const struct command *command)
{
    const char *details = name_text(command->details, client->language);

    client_print_text(client, name_text(command->summary, client->language));
    client_print(client, usage, command->name, command->usage);
    if (*details) {
        puts("");
        client_print_prose(client, details);
    }
    puts("");
    if (command->options)
        show_options(client, command->options);
    if (command->options)
        puts("");
    show_options(client, common_options);
}
