/* offices.c: finding an office by what a person calls it. */
#include "offices.h"

#include <string.h>
#include <strings.h>

#include "plan_cache.h"

/* "龜" and "B" name nothing; in UTF-8 a Chinese character takes three bytes. */
enum { SHORTEST_BEGINNING = 4 };

/* A piece of a text. */
struct piece {
    const char *start;
    size_t length;
};

static bool begins(struct piece piece, const char *word)
{
    size_t length = strlen(word);

    return length && length <= piece.length && strncmp(piece.start, word, length) == 0;
}

static bool ends(struct piece piece, const char *word)
{
    size_t length = strlen(word);

    return length && length <= piece.length && strncasecmp(piece.start + piece.length - length, word, length) == 0;
}

/* Without the city's name before it (Chinese) or behind it after a comma (English). */
static struct piece within_city(const struct plan *plan, const char *text)
{
    const struct name *city = &plan->jurisdiction_name;
    struct piece piece = {text, strlen(text)};

    if (begins(piece, city->text[LANGUAGE_ZH])) {
        size_t length = strlen(city->text[LANGUAGE_ZH]);

        piece = (struct piece){text + length, piece.length - length};
    }
    if (ends(piece, city->text[LANGUAGE_EN])) {
        piece.length -= strlen(city->text[LANGUAGE_EN]);
        while (piece.length && strchr(" ,", piece.start[piece.length - 1]))
            piece.length--;
    }
    return piece;
}

static bool is_name(struct piece piece, const char *name)
{
    return strlen(name) == piece.length && strncasecmp(piece.start, name, piece.length) == 0;
}

static bool is_beginning(struct piece piece, const char *name)
{
    return piece.length >= SHORTEST_BEGINNING && strncasecmp(name, piece.start, piece.length) == 0;
}

const char *office_meant(const struct plan *plan, const char *text)
{
    struct piece piece = within_city(plan, text);
    const char *found = NULL;
    size_t count = 0;

    for (size_t i = 0; i < plan->office_count; i++) {
        const struct office *office = &plan->offices[i];

        if (strcmp(office->code, text) == 0 || is_name(piece, office->name.text[LANGUAGE_ZH]) ||
            is_name(piece, office->name.text[LANGUAGE_EN]))
            return office->code;
        if (is_beginning(piece, office->name.text[LANGUAGE_ZH]) ||
            is_beginning(piece, office->name.text[LANGUAGE_EN])) {
            found = office->code;
            count++;
        }
    }
    return count == 1 ? found : NULL;
}

const char *office_leading(const struct plan *plan, const char *text, const char **ret_rest)
{
    struct piece piece = within_city(plan, text);

    for (size_t i = 0; i < plan->office_count; i++) {
        const char *name = plan->offices[i].name.text[LANGUAGE_ZH];
        size_t length = strlen(name);

        if (!begins(piece, name) || length == piece.length)
            continue;
        *ret_rest = piece.start + length;
        return plan->offices[i].code;
    }
    return NULL;
}

const char *office_option(struct client *client)
{
    const char *text = client_option(client, "office"), *code = NULL;
    struct cached_plan plan;

    if (!text || strspn(text, "0123456789") == strlen(text))
        return text;
    plan_if_cached(client, &plan);
    if (!plan.plan && plan_cached(client, &plan) != EXIT_DONE)
        return text;
    code = office_meant(plan.plan, text);
    code = code ? arena_text(client->arena, code) : text;
    cached_plan_release(&plan);
    return code;
}
