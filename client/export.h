/* export.h: an answer of the server as a file of the person's: CSV, ODS, XLSX or JSON. */
#ifndef TRIBUTARY_CLIENT_EXPORT_H
#define TRIBUTARY_CLIENT_EXPORT_H

#include <stddef.h>

#include "client.h"

/* For the option table of a command whose answer is a table. */
#define EXPORT_OPTIONS                                                                                                 \
    {"output",                                                                                                         \
     "FILE",                                                                                                           \
     {{"存成檔案，可簡寫為 -o；「-」為標準輸出", "keep it as a file, in short -o; \"-\" is standard output"}}},        \
        {"format", "csv|ods|xlsx|json", {{"檔案格式；預設依檔名", "by default what the file's name ends with"}}},      \
    {                                                                                                                  \
        "force", NULL,                                                                                                 \
        {                                                                                                              \
            {                                                                                                          \
                "檔案已存在時覆寫", "overwrite a file that is there"                                                   \
            }                                                                                                          \
        }                                                                                                              \
    }

/* Whether the person wants a file instead of a table on the screen. */
bool export_is_asked(const struct client *client);

/* Asks for a path in the format that the options say and writes the answer where they say, into each file that is named; it
 * has been told what was written, or why not. A NULL path is want of memory. */
enum exit_status export_answer(struct client *client, const char *path);

/* Asks for a path in a format. On EXIT_DONE the bytes lie in the client's arena; otherwise the reason has been said. */
enum exit_status export_fetch(struct client *client, const char *path, const char *format, const char **ret_bytes,
                              size_t *ret_length);

/* Whether a file's name ends with another format than `format` ("json"), having said so: of what comes in that one only. */
bool export_is_misnamed(struct client *client, const char *path, const char *format);

/* Writes a file of the person's own and says so, or not; a failure has been said. */
enum exit_status export_save_quietly(struct client *client, const char *path, const char *bytes, size_t length);
enum exit_status export_save(struct client *client, const char *path, const char *bytes, size_t length);

#endif
