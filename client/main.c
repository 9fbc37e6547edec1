/* main.c: tributary, the upload client: which command, which settings, which language; nothing else. */
#include <curl/curl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/version.h"
#include "bodies.h"
#include "client.h"
#include "command.h"
#include "offices.h"
#include "time_options.h"
#include "transport.h"

enum { ARENA_LIMIT = 1024 * 1024 * 1024 };

static bool choose_language(struct client *client)
{
    const char *option = client_option(client, "lang");

    if (language_choose(option, &client->language))
        return true;
    client_usage(client, client_text(client, bad_language, option));
    return false;
}

/* Settings from the file and the environment, then what the command line says instead. */
static enum exit_status load_settings(struct client *client)
{
    static const char *const overriding[] = {"server", "plan"};
    char fault[512];

    if (!config_load(client->arena, &client->config, fault, sizeof fault))
        return client_usage(client, fault);
    for (size_t i = 0; i < sizeof overriding / sizeof *overriding; i++) {
        const char *value = client_option(client, overriding[i]);

        if (value && !config_set(&client->config, overriding[i], value))
            return client_usage(client, client_word(client, out_of_memory));
    }
    if (config_is_exposed(&client->config))
        client_say(client, config_exposed, client->config.file);
    return EXIT_DONE;
}

/* Needs no settings, which may be what is wrong. */
static enum exit_status run_version(struct client *client)
{
    client->json = client_option(client, "json") != NULL;
    return command_find("version")->run(client);
}

static enum exit_status run_command(struct client *client, const struct command *command)
{
    size_t words = client->arguments.word_count;
    enum exit_status status;

    if (client_option(client, "help")) {
        command_show(client, command);
        return EXIT_DONE;
    }
    if (client_option(client, "version"))
        return run_version(client);
    if (words < command->least_words || words > command->most_words) {
        client_say(client, usage, command->name, command->usage);
        return client_usage(client, client_word(client, wrong_words));
    }
    client->json = client_option(client, "json") != NULL;
    status = load_settings(client);
    if (status == EXIT_DONE)
        status = offices_resolve(client);
    if (status == EXIT_DONE)
        status = bodies_resolve(client);
    if (status == EXIT_DONE)
        status = time_options_resolve(client);
    return status == EXIT_DONE ? command->run(client) : status;
}

/* `tributary --help`, `tributary help [COMMAND]`, or no command at all. */
static enum exit_status run_help(struct client *client, const char *name)
{
    const struct command *command = name ? command_find(name) : NULL;

    if (command)
        command_show(client, command);
    else
        command_show_all(client);
    return EXIT_DONE;
}

/* The language that is asked for, where the options as a whole can't be read. */
static void choose_language_early(struct client *client, size_t count, const char **argv)
{
    static const char option[] = "--lang";
    size_t length = sizeof option - 1;

    for (size_t i = 1; i < count; i++) {
        if (strcmp(argv[i], option) == 0 && i + 1 < count)
            language_choose(argv[i + 1], &client->language);
        else if (strncmp(argv[i], option, length) == 0 && argv[i][length] == '=')
            language_choose(argv[i] + length + 1, &client->language);
    }
}

/* argv[0] is the program or the command whose options follow; they join those read before. */
static bool read_arguments(struct client *client, const struct command *command, size_t count, const char **argv,
                           size_t *ret_used)
{
    const char *fault;

    if (!arguments_read(&client->arguments, command ? command->options : NULL, common_options, !command, count, argv,
                        ret_used, &fault)) {
        choose_language_early(client, count, argv);
        client_usage(client, client_text(client, bad_option, fault));
        return false;
    }
    return choose_language(client);
}

static enum exit_status run(struct client *client, size_t count, const char **argv)
{
    size_t used, rest;

    language_choose(NULL, &client->language);
    if (!read_arguments(client, NULL, count, argv, &used))
        return EXIT_USAGE;
    if (client_option(client, "version"))
        return run_version(client);
    if (used == count && !client_option(client, "help")) {
        client_say(client, usage_all);
        return client_usage(client, client_word(client, wrong_words));
    }
    if (used == count || strcmp(argv[used], "help") == 0)
        return run_help(client, used + 1 < count ? argv[used + 1] : NULL);

    const struct command *command = command_find(argv[used]);

    if (!command) {
        choose_language_early(client, count - used, argv + used);
        return client_usage(client, client_text(client, no_such_command, argv[used]));
    }
    if (!read_arguments(client, command, count - used, argv + used, &rest))
        return EXIT_USAGE;
    return run_command(client, command);
}

int main(int count, char **argv)
{
    struct client client = {.arena = arena_new(ARENA_LIMIT), .commit = TRIBUTARY_COMMIT};
    enum exit_status status = EXIT_USAGE;

    if (!client.arena || sodium_init() < 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != 0) {
        fputs("tributary: out of memory\n", stderr);
    } else {
        status = run(&client, (size_t)count, (const char **)argv);
        if (fflush(stdout) != 0 && status == EXIT_DONE) {
            client_say(&client, output_failed);
            status = EXIT_USAGE;
        }
    }
    transport_free(client.transport);
    curl_global_cleanup();
    config_free(&client.config);
    arena_free(client.arena);
    return (int)status;
}
