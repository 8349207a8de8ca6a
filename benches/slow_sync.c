/* Makes every sync of a file take 7 ms longer, as on a real server's disk: this class of virtual
   disk acknowledges in a tenth of a millisecond. Loaded with LD_PRELOAD by `make bench` only. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static void wait_7_ms(void) {
    struct timespec t = {0, 7000000};
    nanosleep(&t, 0);
}

int fdatasync(int fd) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    wait_7_ms();
    return real(fd);
}

int fsync(int fd) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    wait_7_ms();
    return real(fd);
}
