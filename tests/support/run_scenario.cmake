# cmake -D PROGRAM=millrace-cli -D SCENARIO=x.json -D GOLDEN=x.txt -D TRACE=x.jsonl -P run_scenario.cmake
#
# Runs the scenario twice. Both runs must end with the same exit code, fingerprint and verdicts;
# these and the first lines of the trace must be those of GOLDEN. With UPDATE_GOLDEN set in the
# environment GOLDEN is written instead of compared.
cmake_minimum_required(VERSION 3.25)
set(trace_lines 40)

# Sets `outcome` to what a run of the scenario came to, in text. Further arguments go to the program.
function(run_once)
    execute_process(COMMAND ${PROGRAM} run ${SCENARIO} --json - --quiet ${ARGN}
        RESULT_VARIABLE code OUTPUT_VARIABLE json ERROR_VARIABLE problems)
    if(NOT code MATCHES "^[01]$")
        message(FATAL_ERROR "${SCENARIO}: ended with ${code}\n${problems}${json}")
    endif()
    string(JSON fingerprint GET "${json}" fingerprint)
    string(JSON verdicts GET "${json}" verdicts)
    set(outcome "exit code ${code}\nfingerprint ${fingerprint}\nverdicts ${verdicts}\n" PARENT_SCOPE)
endfunction()

run_once()
set(first "${outcome}")
cmake_path(GET TRACE PARENT_PATH folder)
file(MAKE_DIRECTORY ${folder})
run_once(--trace ${TRACE})
if(NOT outcome STREQUAL first)
    message(FATAL_ERROR "${SCENARIO}: two runs differ.\nfirst:\n${first}\nsecond:\n${outcome}")
endif()

execute_process(COMMAND head -n ${trace_lines} ${TRACE} OUTPUT_VARIABLE trace
    COMMAND_ERROR_IS_FATAL ANY)
file(REMOVE ${TRACE})
if(trace STREQUAL "")
    message(FATAL_ERROR "${SCENARIO}: the trace is empty")
endif()
set(outcome "${outcome}trace, first ${trace_lines} lines\n${trace}")

if(DEFINED ENV{UPDATE_GOLDEN})
    file(WRITE ${GOLDEN} "${outcome}")
    return()
endif()
if(NOT EXISTS ${GOLDEN})
    message(FATAL_ERROR "${SCENARIO}: no ${GOLDEN}")
endif()
file(READ ${GOLDEN} golden)
if(NOT outcome STREQUAL golden)
    file(WRITE ${TRACE}.actual "${outcome}")
    execute_process(COMMAND diff -u ${GOLDEN} ${TRACE}.actual OUTPUT_VARIABLE difference)
    message(FATAL_ERROR "${SCENARIO}: not as in ${GOLDEN}. If the change is meant, "
                        "UPDATE_GOLDEN=1 ctest writes it anew.\n${difference}")
endif()
