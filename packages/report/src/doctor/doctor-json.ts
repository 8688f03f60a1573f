import { jsonOutput } from "../json.ts";
import type { DoctorReport } from "./doctor-report.ts";

export function doctorJson(report: DoctorReport): string {
  return jsonOutput("DoctorReport", { ...report });
}
