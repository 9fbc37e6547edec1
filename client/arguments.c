/* arguments.c: reading a command line. */
#include "arguments.h"

#include <string.h>

static const struct option *find(const struct option *options, const char *name, size_t length)
{
    for (; options && options->name; options++)
        if (strncmp(options->name, name, length) == 0 && !options->name[length])
            return options;
    return NULL;
}

/* "-h" and "-o" in full; NULL for any other word. */
static const char *whole_name(const char *word)
{
    static const struct {
        const char *word, *name;
    } shorts[] = {{"-h", "help"}, {"-o", "output"}};

    for (size_t i = 0; i < sizeof shorts / sizeof *shorts; i++)
        if (strcmp(shorts[i].word, word) == 0)
            return shorts[i].name;
    return NULL;
}

/* Reads the option at argv[at]; returns how many elements it takes, 0 on a fault. */
static size_t read_option(struct arguments *arguments, const struct option *options, const struct option *common,
                          size_t at, size_t count, const char **argv)
{
    const char *whole = whole_name(argv[at]), *name = whole ? whole : argv[at] + 2;
    size_t length = strcspn(name, "=");
    const struct option *option = find(options, name, length);
    const char *value = name[length] == '=' ? name + length + 1 : NULL;
    size_t used = 1;

    if (!option)
        option = find(common, name, length);
    if (!option || (value && !option->value) || arguments->given_count == ARGUMENTS_OPTIONS_MOST)
        return 0;
    if (option->value && !value) {
        if (at + 1 == count)
            return 0;
        value = argv[at + 1];
        used = 2;
    }
    arguments->given[arguments->given_count].option = option;
    arguments->given[arguments->given_count++].value = value ? value : "";
    return used;
}

bool arguments_read(struct arguments *arguments, const struct option *options, const struct option *common,
                    bool first_word, size_t count, const char **argv, size_t *ret_used, const char **ret_fault)
{
    bool options_end = false;
    size_t at = 1;

    arguments->words = argv + 1;
    while (at < count) {
        const char *word = argv[at];
        bool is_option = !options_end && (strncmp(word, "--", 2) == 0 || whole_name(word));

        if (is_option && !word[2] && word[1] == '-') {
            options_end = true;
            at++;
        } else if (is_option) {
            size_t used = read_option(arguments, options, common, at, count, argv);

            if (used == 0) {
                *ret_fault = word;
                return false;
            }
            at += used;
        } else if (!options_end && word[0] == '-' && word[1]) {
            *ret_fault = word;
            return false;
        } else if (first_word) {
            break;
        } else {
            arguments->words[arguments->word_count++] = word;
            at++;
        }
    }
    *ret_used = at;
    return true;
}

const char *arguments_value(const struct arguments *arguments, const char *name)
{
    for (size_t i = arguments->given_count; i > 0; i--)
        if (strcmp(arguments->given[i - 1].option->name, name) == 0)
            return arguments->given[i - 1].value;
    return NULL;
}
