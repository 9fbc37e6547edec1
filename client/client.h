/* client.h: what one run of the program works with, and how it speaks to the person. */
#ifndef TRIBUTARY_CLIENT_CLIENT_H
#define TRIBUTARY_CLIENT_CLIENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "arguments.h"
#include "base/arena.h"
#include "config.h"
#include "listing.h"
#include "message.h"

/* As in api.md. EXIT_USAGE also stands for what fails on this machine: a file that can't be read, a full disk. */
enum exit_status {
    EXIT_DONE,
    EXIT_REFUSED,
    EXIT_USAGE,
    EXIT_UNREACHABLE,
    EXIT_NOT_ALLOWED,
    EXIT_SERVER_FAULT,
};

struct transport;

struct client {
    enum language language;
    bool json;           /* print the HTTP answer instead of a table */
    struct arena *arena; /* lives as long as the run */
    struct arguments arguments;
    struct config config;
    struct transport *transport; /* made when first needed, see fetch.h */
    const char *commit;          /* that the program is made from; "": not known */
};

/* The worse of two statuses. */
enum exit_status exit_worse(enum exit_status a, enum exit_status b);

/* The value of one of the command's options, or NULL. */
const char *client_option(const struct client *client, const char *name);

/* A message with {1} … filled in from the texts that follow, in the person's language; lives as long as the run. */
#define client_text(client, message, ...)                                                                              \
    message_format((client)->arena, MESSAGE_##message, (client)->language,                                             \
                   (const char *const[MESSAGE_SLOTS]){__VA_ARGS__})

/* Says a message to the person on standard error, as one line. */
#define client_say(client, message, ...) client_say_text((client), client_text((client), message, ##__VA_ARGS__))

/* Writes a message to standard output, as one line. */
#define client_print(client, message, ...) client_print_text((client), client_text((client), message, ##__VA_ARGS__))

void client_say_text(struct client *client, const char *text);
void client_print_text(struct client *client, const char *text);

/* Writes prose to standard output, its lines broken between words where the screen ends. */
void client_print_prose(struct client *client, const char *text);

/* A message of which only the words matter: a heading, a cell. */
#define client_word(client, message) message_text(MESSAGE_##message, (client)->language)

/* Writes a listing to standard output, as wide as the screen is. */
void client_show(struct client *client, const struct listing *listing);

/* Writes JSON to standard output, compact, as one line. */
void client_print_json(const json_t *json);

/* A number as text; with separators between thousands. In the client's arena. */
const char *client_number(struct client *client, long long number);
const char *client_grouped(struct client *client, const char *digits);

/* A moment of the contract's form in the person's time zone and calendar, to the minute, or to the second with the zone;
 * the text itself if it is none. */
const char *client_moment(struct client *client, const char *text);
const char *client_exact_moment(struct client *client, const char *text);

/* A date of the contract's form in the person's calendar: 113年1月31日, 2024-01-31; the text itself if it is none. */
const char *client_date(struct client *client, const char *text);

/* Says what is wrong with the call and returns EXIT_USAGE. */
enum exit_status client_usage(struct client *client, const char *what);

/* Says that a file or folder of this machine failed, with the words of errno, and returns EXIT_USAGE. */
enum exit_status client_machine_fault(struct client *client, const char *what, int error);

/* Columns of the screen that `descriptor` shows, 0 if it is none: COLUMNS, or what the terminal says. */
size_t screen_columns(int descriptor);

#endif
