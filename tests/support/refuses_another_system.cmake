# cmake -D SCRIPT=... -D OS_RELEASE=... -P refuses_another_system.cmake: SCRIPT must end with exit
# code 2 and one sentence on any system but Debian 12. OS_RELEASE is a file to write.
foreach(system "ID=fedora\nVERSION_ID=39" "ID=debian\nVERSION_ID=\"13\"" "ID=ubuntu\nVERSION_ID=12"
        "ID=debian" "")
    file(WRITE ${OS_RELEASE} "${system}\n")
    set(ENV{MILLRACE_OS_RELEASE} ${OS_RELEASE})
    execute_process(COMMAND ${SCRIPT} RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE err)
    if(NOT code EQUAL 2 OR NOT out STREQUAL "" OR NOT err MATCHES "^[^\n]*Debian 12 only[^\n]*\n$")
        message(FATAL_ERROR "${SCRIPT} on [${system}]: exit code ${code}\n${out}${err}")
    endif()
endforeach()
