"""ragengine: declarative Red/Amber/Green performance rating that an auditor can re-compute."""
