/* document_file.h: a file the person hands in or checks: what it is, what it says of itself, and how it will be sent. */
#ifndef TRIBUTARY_CLIENT_DOCUMENT_FILE_H
#define TRIBUTARY_CLIENT_DOCUMENT_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "client.h"
#include "form/document.h"
#include "form/findings.h"
#include "sheet/grid.h"

enum { DOCUMENT_LIMIT = 8 * 1024 * 1024 };

enum document_kind { DOCUMENT_JSON, DOCUMENT_CSV, DOCUMENT_SHEETS };

struct document_file {
    const char *name; /* as the person gave it */
    enum document_kind kind;
    const char *content_type;
    const char *bytes;
    size_t length;
    struct identity says; /* as far as the file says it itself; base is -1 if it doesn't */
    bool base_beside;     /* a CSV file has no line for the base that was given */
};

/* Reads a file ("-": standard input; an entry of the outbox: the document in it) into `arena`. On
 * EXIT_DONE it is JSON, CSV or a spreadsheet file by its content; otherwise the reason has been said. */
enum exit_status document_file_read(struct client *client, struct arena *arena, const char *name,
                                    struct document_file *ret_file);

/* The identity that the command's options --form --office --period --event --base give. False, having said so, if --base
 * is no number. */
bool document_file_options(struct client *client, struct identity *ret_given);

/* Puts what the options give into the bytes to be sent, where the file itself can hold it: everything of a JSON document;
 * the note of a CSV file, and the base if it has a line for it (the rest goes beside it, in the address). A base in the file
 * gives way to the option's.
 * Bytes that need no change stay as they are, and those of a spreadsheet always do: its base goes into the address too,
 * and it takes no note. */
enum exit_status document_file_complete(struct client *client, struct arena *arena, struct document_file *file,
                                        const struct identity *given, const char *note);

/* What of the options goes beside the file, in the address: of a JSON document, which holds it all by now, nothing; of a
 * CSV file all but a base that has its line there. */
struct identity document_file_beside(const struct document_file *file, const struct identity *given);

/* Judges the file as the server does. Findings, and what they point at, live in findings->arena. On EXIT_DONE the caller
 * ends with document_release(*ret_document), which may be NULL if the findings say why; otherwise the reason has been said. */
enum exit_status document_file_judge(struct client *client, const struct document_file *file, const struct plan *plan,
                                     const struct identity *given, struct findings *findings,
                                     struct document **ret_document);

#endif
