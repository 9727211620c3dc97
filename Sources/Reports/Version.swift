/// The version of the program, in its reports and for `--version`.
package let reusescopeVersion = "0.1.0"
