print("reusescope")
