/* The reference engine with the C ABI of the public matching-engine benchmark (api/matching_engine_api.h of
 * github.com/flash1-dev/matching-engine-benchmark): this embeds Python, or uses the one that it was loaded into, and hands whole batches to
 * engines/reference/library.py. `gonogo build-abi` compiles it with PYTHON, the interpreter whose packages it finds.
 *
 * A fault of the engine ends the process with its traceback: the ABI has no word for it.
 */
#define _GNU_SOURCE
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <dlfcn.h>
#include <stdint.h>

typedef struct { uint64_t order_id, sequence_number; int64_t price_ticks; uint32_t quantity; uint8_t side, ioc, reserved[2]; } new_order_t;
typedef struct { uint64_t order_id, sequence_number; } cancel_t;
typedef struct { uint64_t order_id, sequence_number; int64_t new_price_ticks; uint32_t new_quantity; uint8_t side, reserved[3]; } modify_t;
typedef struct { uint8_t type, reserved[7]; union { new_order_t no; cancel_t c; modify_t md; }; } me_msg_t;
typedef struct { uint64_t words[8]; } me_report_t;
typedef struct {
    void *(*create)(uint32_t capacity);
    int (*push)(void *queue, const me_report_t *report);
    uint32_t (*drain)(void *queue, me_report_t *out, uint32_t max);
    void (*flush)(void *queue);
    void (*destroy)(void *queue);
} me_transport_t;

_Static_assert(sizeof(me_msg_t) == 40 && sizeof(me_report_t) == 64, "the layout is part of the ABI");

static const me_transport_t *transport;
static void *sink;
static PyObject *library; /* an engines.reference.library.Library */

static void *given(void *made)
{
    if (!made) {
        PyErr_Print();
        abort();
    }
    return made;
}

static void start_python(void)
{
    /* Harnesses load with RTLD_LOCAL, and Python's own modules look for Python among all symbols. */
    Dl_info python;
    if (dladdr((void *)Py_IsInitialized, &python))
        dlopen(python.dli_fname, RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD);
    PyConfig config;
    PyConfig_InitPythonConfig(&config);
    /* Signals and standard streams are the process's own. */
    config.install_signal_handlers = 0;
    PyStatus status = PyConfig_SetBytesString(&config, &config.executable, PYTHON);
    if (!PyStatus_Exception(status))
        status = Py_InitializeFromConfig(&config);
    if (PyStatus_Exception(status))
        Py_ExitStatusException(status);
    PyConfig_Clear(&config);
    PyEval_SaveThread();
}

void engine_init(uint64_t seed, const me_transport_t *chosen, void *queue)
{
    (void)seed;
    transport = chosen;
    sink = queue;
    if (!Py_IsInitialized())
        start_python();
    PyGILState_STATE held = PyGILState_Ensure();
    PyObject *module = given(PyImport_ImportModule("engines.reference.library"));
    library = given(PyObject_CallMethod(module, "Library", NULL));
    Py_DECREF(module);
    PyGILState_Release(held);
}

void engine_shutdown(void)
{
    PyGILState_STATE held = PyGILState_Ensure();
    Py_CLEAR(library);
    PyGILState_Release(held);
}

void engine_on_batch(const me_msg_t *messages, uint32_t count)
{
    PyGILState_STATE held = PyGILState_Ensure();
    unsigned long long reports;
    unsigned int reported;
    PyObject *told = given(PyObject_CallMethod(library, "carry_out", "KI", (unsigned long long)(uintptr_t)messages, (unsigned int)count));
    if (!PyArg_ParseTuple(told, "KI", &reports, &reported))
        given(NULL);
    Py_DECREF(told);
    PyGILState_Release(held);
    /* The reports stay where they are until the next batch. */
    const me_report_t *report = (const me_report_t *)(uintptr_t)reports;
    for (const me_report_t *end = report + reported; report < end; report++)
        while (!transport->push(sink, report)) { }
}

void engine_on_new_order(const new_order_t *order) { engine_on_batch(&(me_msg_t){.type = 0, .no = *order}, 1); }
void engine_on_cancel(const cancel_t *cancel) { engine_on_batch(&(me_msg_t){.type = 1, .c = *cancel}, 1); }
void engine_on_modify(const modify_t *modify) { engine_on_batch(&(me_msg_t){.type = 2, .md = *modify}, 1); }
void engine_flush(void) { }

static PyObject *asked(const char *method, int64_t price, int side)
{
    return given(PyObject_CallMethod(library, method, "Li", (long long)price, side));
}

static int64_t best(int side)
{
    PyGILState_STATE held = PyGILState_Ensure();
    PyObject *told = asked("best", 0, side);
    int64_t price = PyLong_AsLongLong(told);
    Py_DECREF(told);
    PyGILState_Release(held);
    return price;
}

int64_t engine_query_best_bid(void) { return best(0); }
int64_t engine_query_best_ask(void) { return best(1); }

uint64_t engine_query_depth_at(int64_t price, uint8_t side)
{
    PyGILState_STATE held = PyGILState_Ensure();
    PyObject *told = asked("depth", price, side);
    uint64_t depth = PyLong_AsUnsignedLongLong(told);
    Py_DECREF(told);
    PyGILState_Release(held);
    return depth;
}
