/* bare_server.c: libmicrohttpd alone, started as the daemon starts it, answering every request with one file: what a
 * read could reach at most. usage: bare_server FILE; prints its port and serves 127.0.0.1 until it is ended. */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LARGEST = 16 * 1024 * 1024 };

struct answer {
    char *bytes;
    size_t length;
};

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *size, void **slot)
{
    static int seen;
    const struct answer *answer = context;

    (void)url;
    (void)method;
    (void)version;
    (void)data;
    (void)size;
    if (!*slot) {
        *slot = &seen;
        return MHD_YES;
    }
    struct MHD_Response *response =
        MHD_create_response_from_buffer(answer->length, answer->bytes, MHD_RESPMEM_PERSISTENT);

    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json; charset=utf-8");

    enum MHD_Result result = MHD_queue_response(connection, MHD_HTTP_OK, response);

    MHD_destroy_response(response);
    return result;
}

static int read_answer(const char *path, struct answer *ret_answer)
{
    FILE *file = fopen(path, "rb");

    if (!file)
        return -1;
    ret_answer->bytes = malloc(LARGEST);
    ret_answer->length = ret_answer->bytes ? fread(ret_answer->bytes, 1, LARGEST, file) : 0;
    fclose(file);
    return ret_answer->length > 0 ? 0 : -1;
}

int main(int count, char **arguments)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct answer answer = {NULL, 0};

    if (count != 2 || read_answer(arguments[1], &answer) != 0) {
        fprintf(stderr, "usage: bare_server FILE\n");
        free(answer.bytes);
        return 2;
    }
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_POLL | MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, handle, &answer,
                         MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_THREAD_POOL_SIZE, 2u,
                         MHD_OPTION_CONNECTION_LIMIT, 2048u, MHD_OPTION_END);

    if (!daemon) {
        fprintf(stderr, "bare_server: cannot listen\n");
        free(answer.bytes);
        return 1;
    }
    printf("%u\n", (unsigned)MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    pause();
    MHD_stop_daemon(daemon);
    free(answer.bytes);
    return 0;
}
